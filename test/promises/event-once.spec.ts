import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { FakeDestination } from '../harness/fake-destination';
import { eventually } from '../harness/eventually';
import { payoutFailed } from '../harness/service-client';
import { startService, stopServices } from '../harness/service';
import { temporaryFolder } from '../harness/temporary-folder';
import { Database } from '../../src/database/database';
import { EventEntity } from '../../src/events/event.entity';
import { RevisionEntity } from '../../src/events/revision.entity';

describe('promise 2: one event once', () => {
  afterEach(stopServices);

  it('stores and sends one of 100 concurrent posts of one id', async () => {
    const destination = await FakeDestination.start();
    const service = await startService({ PAGERDUTY_EVENTS_URL: destination.url });
    const event = payoutFailed('evt_same');
    const answers = await Promise.all(Array.from({ length: 100 }, () => service.client.stripe(event)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(answers.filter(({ body }) => body['deduped'] === undefined)).toHaveLength(1);
    expect(await service.client.events()).toHaveLength(1);
    const stored = await eventually(async () => {
      const shown = await service.client.event('evt_same');
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
    const path = join(temporaryFolder(), 'signalbox.db');
    const database = await Database.open(path, [EventEntity, RevisionEntity]);
    const columns = `account_id, event_id, revision, source, kind, severity, service, type, summary, started_at,
      updated_at, received_at, routed, origin, first_seq, last_seq, raw`;
    const insert = `INSERT INTO events (${columns})
      VALUES ('default', 'evt_1', 1, 's', 'payment', 'info', 's', 't', 's', 0, 0, 0, 0, 'source', 1, 1, '{}')`;
    const other = new Sqlite(path);
    const results = await Promise.allSettled([
      database.write((tx) => tx.query(insert)),
      Promise.resolve().then(() => other.exec(insert)),
    ]);
    expect(results.filter(({ status }) => status === 'rejected')).toEqual([
      {
        status: 'rejected',
        reason: expect.objectContaining({
          message: expect.stringContaining('UNIQUE constraint failed') as unknown,
        }) as unknown,
      },
    ]);
    expect(await database.read.query('SELECT count(*) AS n FROM events')).toEqual([{ n: 1 }]);
    other.close();
    await database.close();
  });
});
