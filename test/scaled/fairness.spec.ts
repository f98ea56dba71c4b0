import { eventually } from '../harness/eventually';
import { queryPostgres } from '../harness/postgres-session';
import { describeWith } from '../harness/servers';
import { stopServices } from '../harness/service';
import type { ServiceClient } from '../harness/service-client';
import { ScaledServices } from './scaled-services';
import { tenantEvents } from './tenant-posts';

afterEach(stopServices);

const BACKLOG = 100_000;
const POST = 1_000;
const POSTS_AT_A_TIME = 4;
const OTHERS = Array.from({ length: 49 }, (_, n) => `other-${n}`);
const EVENTS_OF_EACH = 3;

/** What the whale may have stored while the others wait: 5 % of its backlog. */
const MOST = BACKLOG / 20;

const LIMIT_MS = 120_000;

/** No limit of the whale's own is in the way. */
const SETTINGS = { ACCOUNT_BURST: '10000000', ACCOUNT_EVENTS_PER_MINUTE: '100000000', LOG_LEVEL: 'warn' };

/** What the whale has posted: queued, and committed where Redis took too long on a busy machine. */
let queued: number;
let committed: number;

async function postAsWhale(client: ServiceClient, name: string): Promise<void> {
  const { status, body } = await client.post('/events', tenantEvents('whale', POST, name));
  expect(status).toBe(202);
  if (body['durability'] === 'queued') queued += POST;
  else committed += POST;
}

async function postBacklog(client: ServiceClient): Promise<void> {
  for (let post = 0; queued < BACKLOG; post += POSTS_AT_A_TIME) {
    const side = Array.from({ length: POSTS_AT_A_TIME }, (_, n) => postAsWhale(client, `w-${post + n}`));
    await Promise.all(side);
  }
}

async function postAsOthers(client: ServiceClient): Promise<void> {
  for (const other of OTHERS) {
    expect(await client.post('/events', tenantEvents(other, EVENTS_OF_EACH))).toMatchObject({ status: 202 });
  }
}

describeWith({ postgres: true, redis: true }, 'promise 7: a whale hurts nobody else', () => {
  let services: ScaledServices;
  let client: ServiceClient;
  beforeEach(async () => {
    queued = 0;
    committed = 0;
    services = await ScaledServices.onFreshStore(SETTINGS);
    ({ client } = await services.start('api'));
  });

  const number = async (sql: string): Promise<number> => {
    const [row] = await queryPostgres<{ number: number }>(
      services.databaseUrl,
      `SELECT (${sql})::int AS number`,
    );
    return row!.number;
  };
  const stored = (condition: string): Promise<number> =>
    number(`SELECT count(*) FROM events WHERE ${condition}`);
  /** The place in the order of storing that the last event of the others got, once all of them have one. */
  const lastPlaceOfOthers = (): Promise<number> =>
    eventually(async () => {
      expect(await stored(`account_id <> 'whale'`)).toBe(OTHERS.length * EVENTS_OF_EACH);
      return number(`SELECT max(first_seq) FROM events WHERE account_id <> 'whale'`);
    }, LIMIT_MS);

  it(
    'stores what 49 others have queued before 5 % of its 100,000',
    async () => {
      await postBacklog(client);
      await postAsOthers(client);
      await services.start('worker');
      const last = await lastPlaceOfOthers();
      expect(await stored(`account_id = 'whale' AND first_seq < ${last}`)).toBeLessThanOrEqual(
        MOST + committed,
      );
      await eventually(
        async () => expect(await stored(`account_id = 'whale'`)).toBe(queued + committed),
        LIMIT_MS,
      );
    },
    LIMIT_MS,
  );

  it(
    'stores what 49 others post while it is worked on, and while it posts more, before a further 5 %',
    async () => {
      await postBacklog(client);
      await services.start('worker');
      await eventually(async () => expect(await stored('TRUE')).toBeGreaterThan(0), LIMIT_MS);
      let isOver = false;
      const more = (async () => {
        for (let post = 0; !isOver; post++) await postAsWhale(client, `more-${post}`);
      })();
      await postAsOthers(client);
      const from = await number('SELECT last_value FROM event_revisions_seq');
      const last = await lastPlaceOfOthers();
      isOver = true;
      await more;
      const between = `account_id = 'whale' AND first_seq > ${from} AND first_seq < ${last}`;
      expect(await stored(between)).toBeLessThanOrEqual(MOST + committed);
      // The others came in the middle of it, or this shows nothing.
      expect(await stored(`account_id = 'whale' AND first_seq < ${from}`)).toBeLessThan(queued + committed);
    },
    LIMIT_MS,
  );
});
