import { startGuarded, type GuardedService } from '../accounts/guarded-service';
import { eventually } from '../harness/eventually';
import { answer, FakeDestination } from '../harness/fake-destination';
import { queryPostgres } from '../harness/postgres-session';
import { describeWith } from '../harness/servers';
import { stopServices } from '../harness/service';
import { ScaledServices } from './scaled-services';
import { tenantEvent, tenantEvents } from './tenant-posts';

const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

interface Letter extends Record<string, unknown> {
  readonly id: string;
  readonly event_id: string;
}

describeWith({ postgres: true, redis: true }, 'what was taken and failed for good', () => {
  let services: ScaledServices;
  let guarded: GuardedService;
  let destination: FakeDestination;
  beforeEach(async () => {
    destination = await FakeDestination.start();
    services = await ScaledServices.onFreshStore();
    guarded = await startGuarded({ ...services.environment, PAGERDUTY_EVENTS_URL: destination.url });
  });
  afterEach(async () => {
    await stopServices();
    await destination.stop();
  });

  const sql = (text: string): Promise<unknown[]> => queryPostgres(services.databaseUrl, text);
  /** From now on the database refuses events of that id. */
  const refuse = (eventId: string): Promise<unknown> =>
    sql(`ALTER TABLE events ADD CONSTRAINT "no_${eventId}" CHECK (event_id <> '${eventId}')`);
  const allow = (eventId: string): Promise<unknown> =>
    sql(`ALTER TABLE events DROP CONSTRAINT "no_${eventId}"`);
  const list = async (query = ''): Promise<readonly Letter[]> => {
    const { status, body } = await guarded.admin.get(`/dead-letters${query}`);
    expect(status).toBe(200);
    return body['dead_letters'] as Letter[];
  };
  const storedOf = async (account: string): Promise<string[]> => {
    const { body } = await guarded.admin.get(`/events?account_id=${account}&limit=500`);
    return (body['events'] as { event_id: string }[]).map(({ event_id }) => event_id);
  };

  describe('of the queue events', () => {
    it('is one event alone: those it came with are stored', async () => {
      await refuse('bad');
      const batch = [
        ...tenantEvents('acme', 70),
        tenantEvent('acme', 'bad'),
        ...tenantEvents('acme', 49, 'f'),
      ];
      const [posted] = await Promise.all([
        guarded.admin.post('/events', batch),
        guarded.admin.post('/events', [...tenantEvents('other', 30), tenantEvent('acme', 'beside')]),
      ]);
      expect(posted.status).toBe(202);
      await eventually(async () => expect(await list()).toHaveLength(1));
      const [stored, ofOther] = [await storedOf('acme'), await storedOf('other')];
      expect([stored.length, ofOther.length]).toEqual([120, 30]);
      expect(stored).not.toContain('bad');
      expect(await list()).toEqual([
        {
          id: expect.stringMatching(/^events-\d+$/) as unknown,
          queue: 'events',
          account_id: 'acme',
          event_id: 'bad',
          error: expect.stringContaining('violates check constraint "no_bad"') as unknown,
          attempts: 3,
          request_id: posted.headers.get('x-request-id'),
          dead_at: expect.stringMatching(ISO) as unknown,
        },
      ]);
    });

    it('is stored by a replay once the cause is gone, and until then stays', async () => {
      await refuse('bad');
      await guarded.admin.post('/events', tenantEvent('acme', 'bad', { metadata: { kept: true } }));
      const letter = await eventually(async () => {
        const [first] = await list();
        expect(first).toBeDefined();
        return first!;
      });
      const path = `/dead-letters/${letter.id}/replay`;
      const failed = await guarded.admin.post(path);
      expect(failed).toMatchObject({ status: 409, body: { code: 'replay_failed' } });
      expect(failed.body['message']).toContain('violates check constraint "no_bad"');
      expect(await list()).toEqual([{ ...letter, attempts: 4 }]);
      await allow('bad');
      expect(await guarded.admin.post(path)).toMatchObject({
        status: 200,
        body: { id: letter.id, outcome: 'stored' },
      });
      expect(await list()).toEqual([]);
      const { body } = await guarded.admin.get('/events/bad?account_id=acme');
      expect(body).toMatchObject({ raw: { event_id: 'bad', metadata: { kept: true } } });
      expect(await guarded.admin.post(path)).toMatchObject({
        status: 404,
        body: { code: 'dead_letter_not_found' },
      });
    });

    it('pages by its replay, where it is critical', async () => {
      await refuse('down');
      await guarded.admin.post(
        '/events',
        tenantEvent('acme', 'down', { kind: 'incident', severity: 'critical' }),
      );
      const letter = await eventually(async () => (await list())[0]!.id);
      await allow('down');
      await guarded.admin.post(`/dead-letters/${letter}/replay`);
      await eventually(() => expect(destination.calls).toEqual(['trigger acme/down']));
    });

    it('is replayed all at once, for an account or for all, and what fails again stays', async () => {
      await refuse('bad');
      await refuse('worse');
      const two = (account: string): unknown => [tenantEvent(account, 'bad'), tenantEvent(account, 'worse')];
      for (const account of ['acme', 'other']) await guarded.admin.post('/events', two(account));
      await eventually(async () => expect(await list()).toHaveLength(4));
      await allow('bad');
      const ofOne = await guarded.admin.post('/dead-letters/replay', { account_id: 'acme' });
      expect([ofOne.status, ofOne.body]).toEqual([200, { replayed: 1, failed: 1 }]);
      expect([await storedOf('acme'), await storedOf('other')]).toEqual([['bad'], []]);
      const ofDeliveries = await guarded.admin.post('/dead-letters/replay', { queue: 'deliveries' });
      expect(ofDeliveries.body).toEqual({ replayed: 0, failed: 0 });
      const all = await guarded.admin.post('/dead-letters/replay');
      expect(all.body).toEqual({ replayed: 1, failed: 2 });
      expect((await list()).map(({ event_id }) => event_id)).toEqual(['worse', 'worse']);
    });

    it('is listed page by page, newest first, each account for itself', async () => {
      for (const id of ['b-1', 'b-2', 'b-3']) {
        await refuse(id);
        await guarded.admin.post('/events', tenantEvent('acme', id));
        await eventually(async () => expect((await list())[0]).toMatchObject({ event_id: id }));
      }
      const first = await guarded.admin.get('/dead-letters?account_id=acme&limit=2');
      const ids = (body: Record<string, unknown>): string[] =>
        (body['dead_letters'] as Letter[]).map(({ event_id }) => event_id);
      expect(ids(first.body)).toEqual(['b-3', 'b-2']);
      const next = await guarded.admin.get(
        `/dead-letters?account_id=acme&limit=2&cursor=${String(first.body['next_cursor'])}`,
      );
      expect([ids(next.body), next.body['next_cursor']]).toEqual([['b-1'], null]);
      expect(await list('?account_id=other')).toEqual([]);
      const [own, others] = [
        await guarded.makeKey('acme', ['read']),
        await guarded.makeKey('other', ['read']),
      ];
      expect(ids((await guarded.as(own.key).get('/dead-letters')).body)).toHaveLength(3);
      expect(ids((await guarded.as(others.key).get('/dead-letters')).body)).toEqual([]);
      expect(await guarded.as(others.key).get('/dead-letters?account_id=acme')).toMatchObject({
        status: 403,
      });
      const id = (await list())[0]!.id;
      expect(await guarded.as(own.key).post(`/dead-letters/${id}/replay`)).toMatchObject({ status: 403 });
    });
  });

  describe('of the queue deliveries', () => {
    it('is a dead delivery, which a replay sends again', async () => {
      destination.next(answer(400));
      await guarded.admin.post(
        '/events',
        tenantEvent('acme', 'down', { kind: 'incident', severity: 'critical' }),
      );
      const letter = await eventually(async () => {
        const [first] = await list('?queue=deliveries&account_id=acme');
        expect(first).toBeDefined();
        return first!;
      });
      expect(letter).toEqual({
        id: expect.stringMatching(/^deliveries-\d+$/) as unknown,
        queue: 'deliveries',
        account_id: 'acme',
        event_id: 'down',
        error: 'rejected',
        attempts: 1,
        request_id: expect.any(String) as unknown,
        dead_at: expect.stringMatching(ISO) as unknown,
      });
      expect(await list()).toEqual([]);
      const path = `/dead-letters/${letter.id}/replay`;
      expect(await guarded.admin.post(path)).toMatchObject({
        status: 200,
        body: { id: letter.id, outcome: 'pending' },
      });
      await eventually(() => expect(destination.calls).toEqual(Array(2).fill('trigger acme/down')));
      await eventually(async () =>
        expect(await guarded.admin.post(path)).toMatchObject({
          status: 409,
          body: { code: 'replay_failed' },
        }),
      );
    });

    it('is replayed all at once', async () => {
      destination.always(answer(400));
      for (const account of ['acme', 'other']) {
        await guarded.admin.post(
          '/events',
          tenantEvent(account, 'down', { kind: 'incident', severity: 'critical' }),
        );
      }
      await eventually(async () => expect(await list('?queue=deliveries')).toHaveLength(2));
      destination.always(answer(202));
      const replayed = await guarded.admin.post('/dead-letters/replay', { queue: 'deliveries' });
      expect(replayed.body).toEqual({ replayed: 2, failed: 0 });
      await eventually(async () => {
        const { body } = await guarded.admin.get('/deliveries?status=delivered');
        expect(body['deliveries']).toHaveLength(2);
      });
    });
  });
});
