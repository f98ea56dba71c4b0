import { Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { dirname } from 'node:path';
import { migrations } from '../../src/database/migrations';
import { StorageUnavailableError } from '../../src/database/storage-error';
import { Statement } from '../../src/database/statement';
import type { PostgresDatabase } from '../../src/database/postgres-database';
import { freePort } from '../harness/free-port';
import { inPostgresSession, queryPostgres } from '../harness/postgres-session';
import { ServerProcess } from '../harness/server-process';
import { describeWith, postgresServer, startOwnPostgres } from '../harness/servers';
import { testRun } from '../harness/test-run';
import { openPostgres } from './both-databases';

/** As many as are told apart by their ids. */
const PROCESSES = 5;

/** How often a transaction is tried that others are in the way of. */
const TRIES = 6;

const raise = (code: string): string =>
  `DO $$ BEGIN RAISE EXCEPTION 'made up' USING ERRCODE = '${code}'; END $$`;

beforeAll(() => {
  Logger.overrideLogger(false);
});

describeWith({ postgres: true }, 'a transaction on PostgreSQL', () => {
  let url: string;
  let database: PostgresDatabase;
  beforeAll(async () => {
    ({ url } = await postgresServer()!.createDatabase());
    database = await openPostgres(url);
    await inPostgresSession(url, (client) => client.query('CREATE TABLE marks (mark TEXT PRIMARY KEY)'));
  });
  afterAll(() => database.close());

  const MARK = new Statement(() => 'INSERT INTO marks VALUES (?)');
  const isThere = async (mark: string): Promise<boolean> =>
    (await queryPostgres(url, `SELECT 1 FROM marks WHERE mark = '${mark}'`)).length === 1;

  it('is on disk before it counts, though its server’s, its database’s and its user’s default says otherwise', async () => {
    const setting = async (): Promise<unknown> =>
      database.write((tx) => tx.query<{ synchronous_commit: string }[]>('SHOW synchronous_commit'));
    expect(await setting()).toEqual([{ synchronous_commit: 'on' }]);
    const lazy = await postgresServer()!.createDatabase();
    const { pathname } = new URL(lazy.url);
    await queryPostgres(lazy.url, `ALTER DATABASE ${pathname.slice(1)} SET synchronous_commit = off`);
    const ofLazy = await openPostgres(lazy.url);
    try {
      const [outside] = await ofLazy.read.query<{ synchronous_commit: string }[]>('SHOW synchronous_commit');
      expect(outside).toEqual({ synchronous_commit: 'off' });
      const inside = await ofLazy.write((tx) => tx.query<unknown>('SHOW synchronous_commit'));
      expect(inside).toEqual([{ synchronous_commit: 'on' }]);
    } finally {
      await ofLazy.close();
    }
  });

  it('begins at an instant of the database’s clock', async () => {
    const [row] = await queryPostgres<{ before: number }>(
      url,
      'SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS before',
    );
    const now = await database.write((_, at) => Promise.resolve(at));
    expect(now).toBeGreaterThanOrEqual(row!.before);
    expect(await database.now()).toBeGreaterThanOrEqual(now);
  });

  it.each(['40001', '40P01'])('is tried again where others were in its way (%s)', async (code) => {
    let tries = 0;
    const mark = `after ${code}`;
    await database.write(async (tx) => {
      tries++;
      await MARK.run(tx, [mark]);
      if (tries < TRIES) await tx.query(raise(code));
    });
    expect([tries, await isThere(mark)]).toEqual([TRIES, true]);
  });

  it('is given up after some tries, as a database that refuses to work', async () => {
    let tries = 0;
    const writing = database.write((tx) => {
      tries++;
      return tx.query(raise('40001'));
    });
    await expect(writing).rejects.toThrow(StorageUnavailableError);
    expect(tries).toBe(TRIES);
  });

  it('survives a real deadlock: both of two get through', async () => {
    await database.write((tx) => tx.query(`INSERT INTO marks VALUES ('left'), ('right')`));
    const touch = (mark: string): string => `UPDATE marks SET mark = mark WHERE mark = '${mark}'`;
    const tries: string[] = [];
    const cross = (first: string, second: string): Promise<void> =>
      database.write(async (tx) => {
        tries.push(first);
        await tx.query(touch(first));
        if (tries.length <= 2) await sleep(100);
        await tx.query(touch(second));
      });
    await Promise.all([cross('left', 'right'), cross('right', 'left')]);
    expect(tries).toHaveLength(3);
  });

  it('is tried once where the row is at fault, and leaves nothing', async () => {
    let tries = 0;
    const writing = database.write(async (tx) => {
      tries++;
      await MARK.run(tx, ['twice']);
      await MARK.run(tx, ['twice']);
    });
    await expect(writing).rejects.toMatchObject({ driverError: { code: '23505' } });
    expect([tries, await isThere('twice')]).toEqual([1, false]);
  });

  it('fails where one of its statements did, though nobody minded', async () => {
    const writing = database.write(async (tx) => {
      await MARK.run(tx, ['unminded']);
      await tx.query('SELECT 1 / 0').catch(() => undefined);
    });
    await expect(writing).rejects.toThrow('not committed');
    expect(await isThere('unminded')).toBe(false);
  });

  it('is not seen by readers before its end', async () => {
    await database.write(async (tx) => {
      await MARK.run(tx, ['unseen']);
      expect(await database.read.query(`SELECT 1 FROM marks WHERE mark = 'unseen'`)).toEqual([]);
    });
    expect(await isThere('unseen')).toBe(true);
  });

  it('is waited for by a close, and refused after it', async () => {
    const closing = await openPostgres(url, 2);
    let isDone = false;
    const writing = closing.write(async (tx) => {
      await tx.query('SELECT pg_sleep(0.2)');
      await MARK.run(tx, ['in time']);
      isDone = true;
    });
    await closing.close();
    expect(isDone).toBe(true);
    await writing;
    await expect(closing.write(() => Promise.resolve())).rejects.toThrow('the database is closed');
    expect(await isThere('in time')).toBe(true);
  });
});

describeWith({ postgres: true }, 'the schema', () => {
  it('is made once, however many processes start on an empty database at once', async () => {
    const { url } = await postgresServer()!.createDatabase();
    const opened = await Promise.all(Array.from({ length: PROCESSES }, () => openPostgres(url, 2)));
    try {
      const applied = await queryPostgres<{ name: string }>(url, 'SELECT name FROM migrations ORDER BY id');
      expect(applied.map(({ name }) => name)).toEqual(migrations.postgres.map(({ name }) => name));
      for (const database of opened) expect(await database.hasPendingMigrations()).toBe(false);
    } finally {
      await Promise.all(opened.map((database) => database.close()));
    }
  });
});

describeWith({ ownPostgres: true }, 'a PostgreSQL that does not force its writes to the disk', () => {
  it('is refused at boot', async () => {
    const own = await startOwnPostgres();
    const [row] = await queryPostgres<{ data_directory: string }>(own.url, 'SHOW data_directory');
    const data = row!.data_directory;
    await own.stop();
    const { folder, user } = testRun().postgresBinaries!;
    const url = new URL(own.url);
    url.port = String(await freePort());
    const options = {
      port: url.port,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      fsync: 'off',
    };
    const careless = ServerProcess.start({
      command: `${folder}/postgres`,
      args: ['-D', data, ...Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      user,
      folder: dirname(data),
      endSignal: 'SIGQUIT',
    });
    try {
      const answers = (): Promise<boolean> =>
        queryPostgres(url.href, 'SELECT 1').then(
          () => true,
          () => false,
        );
      expect(await careless.becomesReady(answers, Date.now() + 20_000)).toBe(true);
      await expect(openPostgres(url.href)).rejects.toThrow(
        'PostgreSQL runs with fsync=off: what it has committed is lost when its machine stops. Set fsync=on.',
      );
    } finally {
      await careless.end('SIGQUIT');
      await own.remove();
    }
  });
});
