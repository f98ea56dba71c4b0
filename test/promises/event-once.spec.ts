import { Database } from '../../src/database/database';
import { FakeDestination } from '../harness/fake-destination';
import { eventually } from '../harness/eventually';
import { queryPostgres } from '../harness/postgres-session';
import { runBesideSqlite } from '../harness/run-beside';
import { payoutFailed } from '../harness/service-client';
import { startService, stopServices, type RunningService } from '../harness/service';

/** All processes of an installation: one of the embedded profile, two of the scaled one. */
async function startAll(environment: Record<string, string>): Promise<readonly RunningService[]> {
  const first = await startService(environment);
  return globalThis.PROFILE === 'embedded' ? [first] : [first, await startService(first.environment)];
}

/** Runs a statement as a stranger to the service would, over a connection of its own. */
function runBeside({ environment, databasePath }: RunningService, sql: string): Promise<unknown> {
  const isScaled = globalThis.PROFILE === 'scaled';
  return isScaled
    ? queryPostgres(String(environment['DATABASE_URL']), sql)
    : runBesideSqlite(databasePath, sql);
}

describe('promise 2: one event once', () => {
  afterEach(stopServices);

  it('stores and sends one of 100 concurrent posts of one id, to whichever process they go', async () => {
    const destination = await FakeDestination.start();
    const services = await startAll({ PAGERDUTY_EVENTS_URL: destination.url });
    const { client } = services[0]!;
    const event = payoutFailed('evt_same');
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, post) => services[post % services.length]!.client.stripe(event)),
    );
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(answers.filter(({ body }) => body['deduped'] === undefined)).toHaveLength(1);
    expect(await client.events()).toHaveLength(1);
    const stored = await eventually(async () => {
      const shown = await client.event('evt_same');
      expect(shown.delivered_to).toEqual(['pagerduty']);
      return shown;
    });
    expect(stored).toMatchObject({
      revision: 1,
      revisions: [{ revision: 1 }],
      deliveries: [{ action: 'trigger' }],
    });
    expect(destination.calls).toEqual(['trigger default/evt_same']);
    await destination.stop();
  });

  it('is kept by the database itself: a second connection cannot store the identity again', async () => {
    const service = await startService();
    const columns = `account_id, event_id, revision, source, kind, severity, service, type, summary, started_at,
      updated_at, received_at, routed, origin, first_seq, last_seq, raw`;
    const insert = `INSERT INTO events (${columns})
      VALUES ('default', 'evt_1', 1, 's', 'payment', 'info', 's', 't', 's', 0, 0, 0, FALSE, 'source', 1, 1, '{}')`;
    await service.app.get(Database).write((tx) => tx.query(insert));
    await expect(runBeside(service, insert)).rejects.toThrow(/unique constraint/i);
    expect(await service.client.events()).toMatchObject([{ event_id: 'evt_1' }]);
  });
});
