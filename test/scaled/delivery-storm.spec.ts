import { setTimeout as sleep } from 'node:timers/promises';
import { Recorder } from '../../src/recording/recorder';
import { incident, NO_BREAKER, over, startPaging } from '../delivery/paging-service';
import { eventually } from '../harness/eventually';
import { answer, FakeDestination, type ReceivedRequest } from '../harness/fake-destination';
import { queryPostgres } from '../harness/postgres-session';
import { repetitions, seededRandom } from '../harness/repetitions';
import { describeWith } from '../harness/servers';
import { stopServices, type RunningService } from '../harness/service';
import { freshScaledStore } from '../harness/store';

const EVENTS = ['inc-0', 'inc-1', 'inc-2', 'inc-3', 'inc-4', 'inc-5'];
const CALLS = repetitions({ short: 120, long: 3_000 });

const LIMIT_MS = 60_000 + 100 * CALLS;

/** Calls of one process that are under way at a time. */
const WRITERS = 6;

/** A delivery as the outbox has it in the end. */
interface Sent {
  readonly event_id: string;
  readonly action: string;
  readonly status: string;
  readonly revision: number;
  readonly request_id: string;
  /** Claims under which a request may have been made. */
  readonly tries: number;
}

const SENT = `
  SELECT event_id, action, status, revision, request_id, (SELECT count(*) FROM delivery_attempts a
    WHERE a.delivery_id = d.id AND a.outcome <> 'released')::int AS tries
  FROM deliveries d ORDER BY id`;

const OTHERS = `
  SELECT pid FROM pg_stat_activity
  WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()`;

const DEADLOCKS = 'SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()';

describeWith({ postgres: true, redis: true }, 'two processes that record and two that deliver', () => {
  let destination: FakeDestination;
  let url: string;
  let recorders: RunningService[];
  /** What the destination took, in that order. */
  let accepted: ReceivedRequest[];
  let random: () => number;

  beforeEach(async () => {
    random = seededRandom('storm');
    accepted = [];
    destination = await FakeDestination.start((request, response) => {
      const status = random() < 0.2 ? 500 : 202;
      setTimeout(() => {
        if (status === 202) accepted.push(request);
        answer(status)(request, response);
      }, random() * 10);
    });
    const store = await freshScaledStore();
    url = String(store['DATABASE_URL']);
    const environment = {
      ...NO_BREAKER,
      ...store,
      DATABASE_POOL_MAX: '4',
      DELIVERY_TIMEOUT_MS: '10000',
      DELIVERY_MAX_ATTEMPTS: '100',
      WORKER_CONCURRENCY: '4',
      LOG_LEVEL: 'silent',
    };
    const start = (roles: string): Promise<RunningService> =>
      startPaging(destination, { ...environment, ROLES: roles });
    recorders = [await start('api'), await start('api')];
    await start('scheduler,notifier');
    await start('scheduler,notifier');
  });
  afterEach(async () => {
    await stopServices();
    await destination.stop();
  });

  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;

  /** Says something new about one to three of the incidents, in no order. */
  async function recordSomething({ app }: RunningService, requestId: string): Promise<void> {
    const ids = new Set(Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(EVENTS)));
    const states = [...ids].map((id) =>
      random() < 0.5 ? over(id) : incident(id, { description: requestId }),
    );
    await app.get(Recorder).record(states, { requestId });
    await sleep(random() * 20);
  }

  async function storm(): Promise<void> {
    let calls = 0;
    const write = async (service: RunningService): Promise<void> => {
      while (calls < CALLS) await recordSomething(service, `call-${++calls}`);
    };
    await Promise.all(recorders.flatMap((service) => Array.from({ length: WRITERS }, () => write(service))));
  }

  function nothingIsPending(): Promise<void> {
    const { client } = recorders[0]!;
    return eventually(
      async () => expect(await client.deliveries('?status=pending')).toEqual([]),
      LIMIT_MS / 2,
    );
  }

  async function isOpen(eventId: string): Promise<boolean> {
    return (await recorders[0]!.client.event(eventId)).resolved_at === null;
  }

  /** That nobody has waited for each other in a circle. Each connection tells of that when it ends. */
  async function expectNoDeadlock(): Promise<void> {
    await stopServices();
    await eventually(async () => expect(await queryPostgres(url, OTHERS)).toEqual([]));
    expect(await queryPostgres(url, DEADLOCKS)).toEqual([{ deadlocks: 0 }]);
  }

  const acceptedAbout = (eventId: string): string[] =>
    accepted
      .filter(({ body }) => body.dedup_key === `default/${eventId}`)
      .map(({ body }) => body.event_action);

  it(
    'keep the order of each event: it opens and closes in turn, and is open in the end where it is unresolved',
    async () => {
      await storm();
      await nothingIsPending();
      const sent = await queryPostgres<Sent & Record<string, unknown>>(url, SENT);
      for (const id of EVENTS) {
        const theirs = sent.filter(({ event_id }) => event_id === id);
        const revisions = theirs.map(({ revision }) => revision);
        expect(revisions).toEqual(revisions.toSorted((one, next) => one - next));
        const delivered = theirs.filter(({ status }) => status === 'delivered').map(({ action }) => action);
        expect(acceptedAbout(id)).toEqual(delivered);
        expect(delivered).toEqual(delivered.map((_, place) => (place % 2 === 0 ? 'trigger' : 'resolve')));
        expect(delivered.length % 2 === 1).toBe(await isOpen(id));
        expect(theirs.filter(({ status }) => !['delivered', 'skipped'].includes(status))).toEqual([]);
      }
      expect(accepted.length).toBeGreaterThan(EVENTS.length);
      // Each call has a name of its own, and decides one thing at most about each event.
      for (const { event_id, action, request_id, tries } of sent) {
        const requests = destination.received.filter(
          ({ headers, body }) =>
            headers['x-request-id'] === request_id &&
            body.dedup_key === `default/${event_id}` &&
            body.event_action === action,
        );
        expect({ event_id, request_id, requests: requests.length }).toEqual({
          event_id,
          request_id,
          requests: tries,
        });
      }
      await expectNoDeadlock();
    },
    LIMIT_MS,
  );

  it(
    'close in the end what replays have opened, and open nothing that is over',
    async () => {
      let isOver = false;
      const replay = async ({ client }: RunningService): Promise<void> => {
        while (!isOver) {
          await client.post('/deliveries/replay', { status: 'skipped' });
          await sleep(random() * 50);
        }
      };
      const replaying = Promise.all(recorders.map(replay));
      await storm();
      isOver = true;
      await replaying;
      await nothingIsPending();
      for (const id of EVENTS) {
        const about = acceptedAbout(id);
        expect([id, about.at(-1) === 'trigger']).toEqual([id, await isOpen(id)]);
        if (about.length > 0) expect(about[0]).toBe('trigger');
      }
      await expectNoDeadlock();
    },
    LIMIT_MS,
  );
});
