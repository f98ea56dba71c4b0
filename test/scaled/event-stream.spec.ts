import { Database } from '../../src/database/database';
import { settledPlacesOf } from '../../src/events/stream/settled-places';
import { StreamReader } from '../events/stream-reader';
import { eventually } from '../harness/eventually';
import { inPostgresSession } from '../harness/postgres-session';
import { describeWith } from '../harness/servers';
import { stopServices, type RunningService } from '../harness/service';
import { ScaledServices } from './scaled-services';

const incident = (event_id: string): object => ({
  event_id,
  account_id: 'default',
  user_id: 'u1',
  type: 'checkout.failed',
  kind: 'incident',
  severity: 'warning',
  timestamp: '2026-01-15T10:40:00Z',
});

describeWith({ postgres: true, redis: true }, 'the stream of events of several processes', () => {
  let services: ScaledServices;
  let service: RunningService;
  beforeAll(async () => {
    services = await ScaledServices.onFreshStore({ INGEST_MODE: 'direct' });
    service = await services.start('api');
  });
  afterAll(stopServices);

  it('tells in one process what another has stored, and goes on in a third', async () => {
    const [other, third] = await Promise.all([services.start('api'), services.start('api')]);
    const stream = await StreamReader.open(service.url);
    await other.client.post('/events', incident('elsewhere'));
    await eventually(() => expect(stream.names).toEqual(['elsewhere 1']));
    stream.close();
    await other.client.post('/events', incident('meanwhile'));
    const next = await StreamReader.open(third.url, { 'last-event-id': stream.lastId });
    await eventually(() => expect(next.names).toEqual(['meanwhile 1']));
    next.close();
  });

  it('waits for a transaction that has taken an earlier place', async () => {
    const places = settledPlacesOf(service.app.get(Database));
    const settled = async (): Promise<number> => (await places.find()) ?? 0;
    await inPostgresSession(services.databaseUrl, async (session) => {
      await session.query('BEGIN');
      await session.query('SELECT pg_current_xact_id()');
      const { rows } = await session.query<{ place: string }>(
        `SELECT nextval('event_revisions_seq') AS place`,
      );
      const held = Number(rows[0]!.place);
      await service.client.post('/events', incident('later'));
      // A look marks the place, the ones after it find the transaction still open.
      for (let look = 0; look < 3; look++) expect(await settled()).toBeLessThan(held);
      await session.query('COMMIT');
      await eventually(async () => expect(await settled()).toBeGreaterThan(held));
    });
  });

  it('waits for it also where nobody has begun, or ended, since', async () => {
    const places = settledPlacesOf(service.app.get(Database));
    await inPostgresSession(services.databaseUrl, async (session) => {
      await session.query('BEGIN');
      const { rows } = await session.query<{ place: string }>(
        `SELECT pg_current_xact_id(), nextval('event_revisions_seq') AS place`,
      );
      const held = Number(rows[0]!.place);
      for (let look = 0; look < 3; look++) expect((await places.find()) ?? 0).toBeLessThan(held);
      await session.query('COMMIT');
      await eventually(async () => expect(await places.find()).toBeGreaterThanOrEqual(held));
    });
  });
});
