import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { openSqliteWriter } from '../../src/database/sqlite-connection';
import { SqliteDatabase } from '../../src/database/sqlite-database';
import { SqliteThread } from '../../src/database/sqlite-thread';
import { StorageUnavailableError } from '../../src/database/storage-error';
import { temporaryFolder } from '../harness/temporary-folder';

const NAMES = 'SELECT name FROM marks ORDER BY name';

describe('the thread that writes', () => {
  let path: string;
  let thread: SqliteThread;

  beforeEach(async () => {
    path = join(temporaryFolder(), 'signalbox.db');
    new Sqlite(path).exec('CREATE TABLE marks (name TEXT PRIMARY KEY, bytes BLOB)').close();
    thread = await openSqliteWriter(path);
  });
  afterEach(async () => {
    if (!thread.isDead) await thread.close();
  });

  function names(): unknown[] {
    const database = new Sqlite(path, { readonly: true });
    const rows = database.prepare(NAMES).pluck().all();
    database.close();
    return rows;
  }

  it('runs what it is given in that order, also where nobody waits', async () => {
    const texts = ['BEGIN', `INSERT INTO marks VALUES ('a', NULL)`, NAMES, 'COMMIT'];
    const [, inserted, selected] = await Promise.all(texts.map((sql) => thread.run(sql)));
    expect(inserted).toEqual({ rows: null, changes: 1, lastId: 1 });
    expect(selected).toMatchObject({ rows: [{ name: 'a' }] });
    expect(names()).toEqual(['a']);
  });

  it('keeps the main thread free while it works', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await thread.run('BEGIN');
    await thread.run(`WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 3000000)
      SELECT count(*) AS count FROM n`);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(10);
  });

  it('tells what SQLite said, with its code, and goes on', async () => {
    await thread.run('BEGIN');
    await thread.run(`INSERT INTO marks VALUES ('a', NULL)`);
    await expect(thread.run(`INSERT INTO marks VALUES ('a', NULL)`)).rejects.toMatchObject({
      message: 'UNIQUE constraint failed: marks.name',
      code: 'SQLITE_CONSTRAINT_PRIMARYKEY',
    });
    await thread.run('COMMIT');
    expect(names()).toEqual(['a']);
  });

  it('runs nothing outside of a transaction, where it would be committed alone', async () => {
    await expect(thread.run(`INSERT INTO marks VALUES ('a', NULL)`)).rejects.toThrow('no transaction');
    await expect(thread.run('ROLLBACK')).resolves.toMatchObject({ changes: 0 });
    expect(names()).toEqual([]);
  });

  it('fails all that follows a transaction that SQLite has ended by itself, for the same reason', async () => {
    await thread.run('BEGIN');
    await thread.run('PRAGMA max_page_count = 1');
    const bulky = `INSERT INTO marks VALUES ('a', zeroblob(200000))`;
    const next = `INSERT INTO marks VALUES ('b', NULL)`;
    const results = await Promise.allSettled([bulky, next, 'COMMIT'].map((sql) => thread.run(sql)));
    expect(results).toEqual(
      results.map(() => ({
        status: 'rejected',
        reason: expect.objectContaining({ code: 'SQLITE_FULL' }) as unknown,
      })),
    );
    expect(names()).toEqual([]);
  });

  it('refuses whoever waits, and whoever comes, once it has ended', async () => {
    await thread.run('BEGIN');
    const waiting = [thread.run(NAMES), thread.run('COMMIT')];
    const closing = thread.close();
    await Promise.allSettled(waiting);
    await closing;
    expect(thread.isDead).toBe(true);
    await expect(thread.run('BEGIN')).rejects.toThrow(StorageUnavailableError);
  });

  it('says why it could not begin', async () => {
    const opening = { path: join(temporaryFolder(), 'none.db'), pragmas: [] };
    await expect(SqliteThread.open(opening)).rejects.toMatchObject({ code: 'SQLITE_CANTOPEN' });
  });

  it('refuses a file that is not as durable as promised', async () => {
    const opening = { path, pragmas: ['synchronous = NORMAL'] };
    await expect(SqliteThread.open(opening)).rejects.toThrow('commits would not be durable');
  });
});

describe('the database', () => {
  it('takes a new thread for one that has died, and loses nothing that was acknowledged', async () => {
    const path = join(temporaryFolder(), 'signalbox.db');
    const database = await SqliteDatabase.open(path, []);
    await database.write((tx) => tx.query('CREATE TABLE marks (name TEXT PRIMARY KEY)'));
    await database.write((tx) => tx.query(`INSERT INTO marks VALUES ('a')`));
    const { writer } = database as unknown as { writer: SqliteThread };
    const interrupted = database.write(async (tx) => {
      await tx.query(`INSERT INTO marks VALUES ('b')`);
      await writer.close();
    });
    await expect(interrupted).rejects.toThrow(StorageUnavailableError);
    await database.write((tx) => tx.query(`INSERT INTO marks VALUES ('c')`));
    expect(await database.read.query(NAMES)).toEqual([{ name: 'a' }, { name: 'c' }]);
    await database.close();
  });

  it('gives bytes back as Buffers, within a transaction too', async () => {
    const database = await SqliteDatabase.open(join(temporaryFolder(), 'signalbox.db'), []);
    const bytes = Buffer.from([0, 1, 254, 255]);
    const read = await database.write(async (tx) => {
      await tx.query('CREATE TABLE marks (name TEXT, bytes BLOB)');
      await tx.query('INSERT INTO marks VALUES (?, ?), (?, ?)', ['a', bytes, 'b', null]);
      return tx.query<unknown[]>('SELECT * FROM marks ORDER BY name');
    });
    expect(read).toEqual([
      { name: 'a', bytes },
      { name: 'b', bytes: null },
    ]);
    await database.close();
  });
});
