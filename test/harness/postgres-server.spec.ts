import type { OwnPostgres } from './postgres-server';
import { unprivilegedUser } from './postgres-binaries';
import { inPostgresSession, queryPostgres } from './postgres-session';
import { postgresFault } from './running-servers';
import { describeWith, startOwnPostgres } from './servers';
import { TcpProxy } from './tcp-proxy';

describeWith({ ownPostgres: true }, 'a PostgreSQL of its own', () => {
  let server: OwnPostgres;

  beforeAll(async () => {
    server = await startOwnPostgres();
    await queryPostgres(server.url, 'CREATE TABLE t (a text)');
  });
  afterAll(() => server.remove());

  it('forces what is committed to the disk', async () => {
    const settings = await queryPostgres(
      server.url,
      `SELECT current_setting('fsync') f, current_setting('synchronous_commit') s`,
    );
    expect(settings).toEqual([{ f: 'on', s: 'on' }]);
  });

  it.each(['smart', 'fast', 'immediate'] as const)('keeps what is committed over a %s stop', async (mode) => {
    await queryPostgres(server.url, `INSERT INTO t VALUES ('${mode}')`);
    await server.stop(mode);
    await expect(queryPostgres(server.url, 'SELECT')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await server.start();
    expect(await queryPostgres(server.url, `SELECT a FROM t WHERE a = '${mode}'`)).toEqual([{ a: mode }]);
  });

  it('keeps what is committed over kill -9 while a transaction is open, and nothing of that', async () => {
    const killed = inPostgresSession(server.url, async (client) => {
      await client.query('BEGIN');
      await client.query(`INSERT INTO t VALUES ('open')`);
      await queryPostgres(server.url, `INSERT INTO t VALUES ('committed')`);
      await server.kill9();
      await client.query('COMMIT');
    });
    await expect(killed).rejects.toThrow();
    await server.start();
    expect(await queryPostgres(server.url, `SELECT a FROM t WHERE a IN ('open', 'committed')`)).toEqual([
      { a: 'committed' },
    ]);
  });

  it('is started by a second start only where it does not run', async () => {
    await server.start();
    await server.restart();
    expect(await queryPostgres(server.url, 'SELECT 1 AS a')).toEqual([{ a: 1 }]);
  });

  it('would not be shared by a user who may not create databases', async () => {
    await queryPostgres(server.url, `CREATE ROLE poor LOGIN PASSWORD 'poor'`);
    const poor = new URL(server.url);
    poor.username = poor.password = 'poor';
    expect(await postgresFault(server.url)).toBeNull();
    expect(await postgresFault(poor.href)).toBe('its user may not create databases');
    poor.password = 'wrong';
    expect(await postgresFault(poor.href)).toBe('password authentication failed for user "poor"');
  });

  it('can be reached through a proxy, and no more once that is cut', async () => {
    const proxy = await TcpProxy.start(server.url);
    expect(await queryPostgres(proxy.url, 'SELECT 1 AS a')).toEqual([{ a: 1 }]);
    await proxy.cut();
    await expect(queryPostgres(proxy.url, 'SELECT 1 AS a')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await proxy.stop();
  });
});

describe('the user that PostgreSQL runs as', () => {
  it('is nobody, or postgres where there is no such user', () => {
    const passwd = 'root:x:0:0::/root:/bin/sh\npostgres:x:101:104::/:/bin/sh\n';
    expect(unprivilegedUser(`${passwd}nobody:x:65534:65533::/:/bin/false\n`)).toEqual({
      uid: 65534,
      gid: 65533,
    });
    expect(unprivilegedUser(passwd)).toEqual({ uid: 101, gid: 104 });
    expect(unprivilegedUser('root:x:0:0::/root:/bin/sh\n')).toBeUndefined();
  });
});
