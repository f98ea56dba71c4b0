import { PostgresDatabases } from './postgres-databases';
import { inPostgresSession, queryPostgres } from './postgres-session';
import { RedisKeys } from './redis-keys';
import { inRedisSession } from './redis-session';
import { runName } from './run-name';
import { describeWith, postgresServer, redisServer } from './servers';
import { testRun } from './test-run';

const HOUR_MS = 60 * 60 * 1_000;

describeWith({ postgres: true }, 'databases on the shared PostgreSQL', () => {
  const postgres = postgresServer()!;

  it('are empty, in UTF-8, and gone once they are dropped', async () => {
    const { name, url, drop } = await postgres.createDatabase();
    await queryPostgres(url, 'CREATE TABLE t (a text)');
    const sql =
      'SELECT current_database() AS name, getdatabaseencoding() AS encoding, count(*)::int AS rows FROM t';
    expect(await queryPostgres(url, sql)).toEqual([{ name, encoding: 'UTF8', rows: 0 }]);
    await drop();
    await expect(queryPostgres(url, sql)).rejects.toThrow(`database "${name}" does not exist`);
  });

  it('are dropped whoever is connected, and once more without complaint', async () => {
    const { url, drop } = await postgres.createDatabase();
    const cutOff = inPostgresSession(url, async (client) => {
      await drop();
      return client.query('SELECT 1');
    });
    await expect(cutOff).rejects.toThrow();
    await drop();
  });

  it('copy a template that is prepared once, however many ask at once', async () => {
    let preparations = 0;
    const prepare = (url: string): Promise<void> =>
      inPostgresSession(url, async (client) => {
        preparations++;
        await client.query('CREATE TABLE t AS SELECT 42 AS a');
      });
    const copies = await Promise.all(
      Array.from({ length: 8 }, async () =>
        postgres.createDatabase(await postgres.template('servers_spec', prepare)),
      ),
    );
    const rows = await Promise.all(copies.map(({ url }) => queryPostgres(url, 'SELECT a FROM t')));
    expect(rows).toEqual(Array.from({ length: 8 }, () => [{ a: 42 }]));
    expect(preparations).toBe(1);
    await Promise.all(copies.map(({ drop }) => drop()));
  });

  it('do not copy a template whose preparation failed', async () => {
    const fails = (): Promise<void> => Promise.reject(new Error('no such migration'));
    await expect(postgres.template('servers_spec_failing', fails)).rejects.toThrow('no such migration');
    const name = await postgres.template('servers_spec_failing', () => Promise.resolve());
    const { drop } = await postgres.createDatabase(name);
    await drop();
  });

  it('are dropped after a run that was killed, and not while one goes on', async () => {
    const now = Date.now();
    const ofRun = (pid: number): PostgresDatabases =>
      new PostgresDatabases(testRun().postgresUrl!, runName(now - HOUR_MS, pid));
    const [killed, running] = [ofRun(1), ofRun(2)];
    const end = await running.showRunning();
    const [ofKilled, ofRunning] = [await killed.createDatabase(), await running.createDatabase()];
    await ofRun(3).dropLeftovers(now);
    await expect(queryPostgres(ofKilled.url, 'SELECT 1 AS a')).rejects.toThrow('does not exist');
    expect(await queryPostgres(ofRunning.url, 'SELECT 1 AS a')).toEqual([{ a: 1 }]);
    await end();
    await running.dropLeftovers(now);
    await expect(queryPostgres(ofRunning.url, 'SELECT 1 AS a')).rejects.toThrow('does not exist');
  });

  it('wait for a template that somebody is still connected to', async () => {
    const template = await postgres.createDatabase();
    const { copying } = await inPostgresSession(template.url, async (client) => {
      const copying = postgres.createDatabase(template.name);
      await client.query('SELECT pg_sleep(0.2)');
      return { copying };
    });
    const copy = await copying;
    await Promise.all([copy.drop(), template.drop()]);
  });
});

describeWith({ redis: true }, 'keys on the shared Redis', () => {
  const redis = redisServer()!;

  it('are removed by their prefix, and no others', async () => {
    const [mine, other] = [redis.reserve(), redis.reserve()];
    await inRedisSession(mine.url, async (client) => {
      for (let n = 0; n < 3_000; n++) await client.set(`${mine.prefix}${n}`, n);
      await client.set(`${other.prefix}1`, 'kept');
      await mine.remove();
      expect(await client.keys(`${mine.prefix}*`)).toEqual([]);
      expect(await client.get(`${other.prefix}1`)).toBe('kept');
    });
    await other.remove();
  });

  it('are removed after a run that was killed, and not while one goes on', async () => {
    const now = Date.now();
    const ofRun = (pid: number): RedisKeys => new RedisKeys(testRun().redisUrl!, runName(now - HOUR_MS, pid));
    const [killed, running] = [ofRun(1), ofRun(2)];
    const end = await running.showRunning();
    const keys = [killed, running].map((run) => `${run.reserve().prefix}a`);
    await inRedisSession(testRun().redisUrl!, async (client) => {
      for (const key of keys) await client.set(key, 'a');
      await ofRun(3).removeLeftovers(now);
      expect(await client.mget(keys)).toEqual([null, 'a']);
      end();
      await running.removeLeftovers(now);
      expect(await client.mget(keys)).toEqual([null, null]);
    });
  });
});
