import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { openPool } from '../../src/database/postgres-connection';
import type { PostgresDatabase } from '../../src/database/postgres-database';
import { classifyStorageError, StorageUnavailableError } from '../../src/database/storage-error';
import { eventually } from '../harness/eventually';
import { freePort } from '../harness/free-port';
import type { OwnPostgres } from '../harness/postgres-server';
import { inPostgresSession, queryPostgres } from '../harness/postgres-session';
import { describeWith, postgresServer, startOwnPostgres } from '../harness/servers';
import { TcpProxy } from '../harness/tcp-proxy';
import { openPostgres } from './both-databases';

/** How a promise ends, as the service sees it: with a value, or an error. */
async function endOf(work: Promise<unknown>): Promise<unknown> {
  try {
    return await work;
  } catch (error) {
    return classifyStorageError(error);
  }
}

function unavailable(reason: string): unknown {
  return expect.objectContaining({
    name: 'StorageUnavailableError',
    message: `the database refuses to work (${reason})`,
  });
}

function changed(url: string, change: (url: URL) => void): string {
  const other = new URL(url);
  change(other);
  return other.href;
}

beforeAll(() => {
  Logger.overrideLogger(false);
});

describeWith({ ownPostgres: true }, 'a PostgreSQL that cannot be got at', () => {
  let own: OwnPostgres;
  beforeAll(async () => {
    own = await startOwnPostgres();
  });
  afterAll(() => own.remove());

  it('is unavailable by a wrong password', async () => {
    const url = changed(own.url, (to) => (to.password = 'wrong'));
    expect(await endOf(openPostgres(url))).toEqual(unavailable('28P01'));
  });

  it('is unavailable by the name of a database that is not there', async () => {
    const url = changed(own.url, (to) => (to.pathname = '/nowhere'));
    expect(await endOf(openPostgres(url))).toEqual(unavailable('3D000'));
  });

  it('is unavailable at a port where nobody listens, and under a name that nobody has', async () => {
    const port = String(await freePort());
    expect(await endOf(openPostgres(changed(own.url, (to) => (to.port = port))))).toEqual(
      unavailable('ECONNREFUSED'),
    );
    const nameless = changed(own.url, (to) => (to.hostname = 'nowhere.invalid'));
    expect(await endOf(openPostgres(nameless))).toMatchObject({
      name: 'StorageUnavailableError',
      message: expect.stringMatching(/\((ENOTFOUND|EAI_AGAIN)\)$/) as unknown,
    });
  });

  it('is unavailable while it stops and after, for who reads as for who writes, and is back when it is', async () => {
    const database = await openPostgres(own.url);
    try {
      const write = (): Promise<unknown> => endOf(database.write((tx) => tx.query('SELECT 1 AS one')));
      const read = (): Promise<unknown> => endOf(database.read.query('SELECT 1 AS one'));
      const one = [{ one: 1 }];
      expect([await write(), await read()]).toEqual([one, one]);
      const cutOff = endOf(database.write((tx) => tx.query('SELECT pg_sleep(30)')));
      await own.stop();
      expect(await cutOff).toBeInstanceOf(StorageUnavailableError);
      const refused = unavailable('ECONNREFUSED');
      expect([await write(), await read(), await endOf(database.now())]).toEqual([refused, refused, refused]);
      await own.start();
      expect([await write(), await read()]).toEqual([one, one]);
    } finally {
      await database.close();
    }
  });
});

/** The server's ends of the connections that are tried here. */
const CONNECTIONS = `
  SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'signalbox'`;

describeWith({ postgres: true }, 'a connection to PostgreSQL', () => {
  let url: string;
  let database: PostgresDatabase;
  beforeAll(async () => {
    ({ url } = await postgresServer()!.createDatabase());
    database = await openPostgres(url);
  });
  afterAll(() => database.close());

  it('that is terminated fails its statement as the database’s fault, and the next gets another', async () => {
    const terminated = endOf(
      database.write(async (tx) => {
        const [row] = await tx.query<{ pid: number }[]>('SELECT pg_backend_pid() AS pid');
        await queryPostgres(url, `SELECT pg_terminate_backend(${row!.pid})`);
        return tx.query<unknown>('SELECT 1');
      }),
    );
    expect(await terminated).toBeInstanceOf(StorageUnavailableError);
    expect(await database.write((tx) => tx.query('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
  });

  it('that is terminated while it idles is replaced without a word', async () => {
    await Promise.all([1, 2].map(() => database.read.query('SELECT pg_sleep(0.05)')));
    const terminated = await queryPostgres<{ pid: number }>(url, CONNECTIONS);
    await queryPostgres(url, `SELECT pg_terminate_backend(pid) FROM (${CONNECTIONS}) AS ours`);
    const ends = await Promise.all([1, 2, 3].map(() => endOf(database.read.query('SELECT 1 AS one'))));
    // What was sent before the client heard of it may fail, and then as the database's fault.
    for (const end of ends) {
      if (!(end instanceof StorageUnavailableError)) expect(end).toEqual([{ one: 1 }]);
    }
    // It hears of each by itself, those that write among them.
    const one = [{ one: 1 }];
    await eventually(async () => expect(await database.read.query('SELECT 1 AS one')).toEqual(one));
    await eventually(async () => {
      const left = await queryPostgres<{ pid: number }>(url, CONNECTIONS);
      expect(left.filter(({ pid }) => terminated.some((ended) => ended.pid === pid))).toEqual([]);
      expect(await database.write((tx) => tx.query('SELECT 1 AS one'))).toEqual(one);
    });
  });

  it('that takes too long for a statement gives it up, as the database’s fault', async () => {
    const end = endOf(
      database.write(async (tx) => {
        await tx.query('SET LOCAL statement_timeout = 50');
        return tx.query<unknown>('SELECT pg_sleep(10)');
      }),
    );
    expect(await end).toEqual(unavailable('57014'));
  });

  it('that waits too long for a lock gives it up, likewise', async () => {
    await queryPostgres(url, 'CREATE TABLE locked AS SELECT 1 AS a');
    const end = await inPostgresSession(url, async (client) => {
      await client.query('BEGIN; LOCK TABLE locked');
      return endOf(
        database.write(async (tx) => {
          await tx.query('SET LOCAL lock_timeout = 50');
          return tx.query<unknown>('SELECT * FROM locked');
        }),
      );
    });
    expect(end).toEqual(unavailable('55P03'));
  });

  it.each([
    ['a row that is refused', 'INSERT INTO readiness_probe VALUES (NULL)', '23502'],
    ['a number that is too large', 'SELECT 9999999999::int', '22003'],
    ['a table that is not there', 'SELECT * FROM nowhere', '42P01'],
    [
      'a key that is too long for an index',
      `INSERT INTO leases VALUES (${'md5(random()::text) || '.repeat(300)} '', '', 1, 1)`,
      '54000',
    ],
  ])('is not to blame for %s', async (_, sql, code) => {
    const end = await endOf(database.write((tx) => tx.query(sql)));
    expect(end).not.toBeInstanceOf(StorageUnavailableError);
    expect(end).toMatchObject({ driverError: { code } });
  });
});

describeWith({ postgres: true }, 'a server that no longer answers', () => {
  let proxy: TcpProxy;
  let pool: DataSource;
  beforeEach(async () => {
    const { url } = await postgresServer()!.createDatabase();
    proxy = await TcpProxy.start(url);
    pool = await openPool({ url: proxy.url, size: 1, entities: [] }, { statementMs: 60_000, queryMs: 300 });
  });
  afterEach(async () => {
    await proxy.heal();
    await pool.destroy();
    await proxy.stop();
  });

  it('is given up, with the connection, and the next statement gets one that works', async () => {
    const [before] = await pool.query<{ pid: number }[]>('SELECT pg_backend_pid() AS pid');
    expect(await endOf(pool.query('SELECT pg_sleep(30)'))).toEqual(unavailable('Query read timeout'));
    // On the old connection, the only one that the pool may have, it would wait behind the one that nobody answers.
    const [after] = await pool.query<{ pid: number }[]>('SELECT pg_backend_pid() AS pid');
    expect(after!.pid).not.toBe(before!.pid);
  });

  it('is given up where nothing gets through to it, and used when something does', async () => {
    proxy.pause();
    expect(await endOf(pool.query('SELECT 2 AS two'))).toEqual(unavailable('Query read timeout'));
    proxy.resume();
    expect(await pool.query('SELECT 3 AS three')).toEqual([{ three: 3 }]);
  });

  it('is given up within a transaction, too, and its rows are free again', async () => {
    await pool.query('CREATE TABLE held AS SELECT 1 AS a');
    const runner = pool.createQueryRunner();
    await runner.query('BEGIN');
    await runner.query('UPDATE held SET a = 2');
    proxy.pause();
    expect(await endOf(runner.query('COMMIT'))).toEqual(unavailable('Query read timeout'));
    await runner.release();
    proxy.resume();
    const [row] = await pool.query<{ a: number }[]>('SELECT a FROM held FOR UPDATE');
    // Whether the server had heard of the COMMIT nobody can know; it says one or the other, and holds no lock.
    expect([1, 2]).toContain(row!.a);
  });
});
