import Sqlite from 'better-sqlite3';
import { Database } from '../../src/database/database';
import { StorageUnavailableError } from '../../src/database/storage-error';
import { normalizeStripe } from '../../src/normalization/stripe';
import { Recorder } from '../../src/recording/recorder';
import { chargeSucceeded } from '../harness/service-client';
import { startService, stopServices } from '../harness/service';

describe('promise 1: accepted means durable, also after the disk was full', () => {
  afterEach(stopServices);

  it('commits what it acknowledges after SQLite has rolled a transaction back by itself', async () => {
    const service = await startService();
    const database = service.app.get(Database);
    // An insert of one row has no statement journal, so SQLite answers a full disk by rolling back everything.
    const bulky = `INSERT INTO destination_credentials VALUES ('f', 'd', '${'x'.repeat(200_000)}', 1, 0)`;
    const [{ page_count }] = await database.read.query<[{ page_count: number }]>('PRAGMA page_count');
    await database.write((tx) => tx.query(`PRAGMA max_page_count = ${page_count + 1}`));
    await expect(database.write((tx) => tx.query(bulky))).rejects.toThrow('SQLITE_FULL');
    await database.write((tx) => tx.query('PRAGMA max_page_count = 1073741823'));

    await expect(database.write(() => Promise.reject(new Error('a fault of its own')))).rejects.toThrow(
      'of its own',
    );
    expect(await service.client.stripe(chargeSucceeded('evt_after'))).toMatchObject({ status: 200 });

    const other = new Sqlite(service.databasePath, { readonly: true });
    expect(other.prepare('SELECT event_id FROM events').all()).toEqual([{ event_id: 'evt_after' }]);
    other.close();
  });

  it('fails every caller of a batch with 503 while it is full', async () => {
    const service = await startService();
    const database = service.app.get(Database);
    await database.write((tx) => tx.query('PRAGMA max_page_count = 1'));
    const raw = `"${'x'.repeat(50_000)}"`;
    const calls = ['evt_a', 'evt_b', 'evt_c'].map((id) => {
      const body = JSON.stringify(chargeSucceeded(id));
      const event = normalizeStripe({ account_id: 'default', body, receivedAt: Date.now() });
      return service.app.get(Recorder).record([{ ...event, raw }]);
    });
    for (const result of await Promise.allSettled(calls)) {
      expect(result).toMatchObject({
        status: 'rejected',
        reason: expect.any(StorageUnavailableError) as unknown,
      });
    }
    const big = { ...chargeSucceeded('evt_d'), padding: 'x'.repeat(100_000) };
    expect(await service.client.stripe(big)).toMatchObject({
      status: 503,
      body: { code: 'storage_unavailable' },
    });
    await database.write((tx) => tx.query('PRAGMA max_page_count = 1073741823'));
    expect(await service.client.stripe(big)).toMatchObject({ status: 200, body: { received: true } });
    expect(await service.client.events()).toMatchObject([{ event_id: 'evt_d' }]);
  });
});
