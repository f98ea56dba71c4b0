import { Database } from '../../src/database/database';
import { startService, stopServices } from '../harness/service';

describe('promise 1: accepted means durable', () => {
  afterEach(stopServices);

  it('rests on settings of SQLite that were read back', async () => {
    const database = (await startService()).app.get(Database);
    const read = (pragma: string): Promise<unknown> => database.write((tx) => tx.query(`PRAGMA ${pragma}`));
    expect(await read('synchronous')).toEqual([{ synchronous: 2 }]);
    expect(await read('journal_mode')).toEqual([{ journal_mode: 'wal' }]);
  });
});
