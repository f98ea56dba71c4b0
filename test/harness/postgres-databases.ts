import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseError, Client, escapeIdentifier } from 'pg';
import { inPostgresSession } from './postgres-session';
import { isLeftBehind, nameWithin, sessionName, TEST_PREFIX } from './run-name';

/** A database of one test. */
export interface TestDatabase {
  readonly name: string;
  readonly url: string;
  /** Drops it, whoever is connected. */
  readonly drop: () => Promise<void>;
}

/** `object_in_use`, https://www.postgresql.org/docs/current/errcodes-appendix.html */
const OBJECT_IN_USE = '55006';
const RETRY_LIMIT_MS = 20_000;

/** Databases of the tests' own on a server that others may use too. */
export class PostgresDatabases {
  constructor(
    private readonly adminUrl: string,
    private readonly run: string,
  ) {}

  url(database: string): string {
    const url = new URL(this.adminUrl);
    url.pathname = `/${database}`;
    return url.href;
  }

  /**
   * Creates an empty database, or a copy of `template`, to which nobody may be connected meanwhile. What is not
   * dropped goes at the end of the run, which is the faster way: of each some 300 files are deleted, and for
   * minutes ext4 searches past their inodes for every new file (`recently_deleted` in Linux, fs/ext4/ialloc.c).
   */
  async createDatabase(template = 'template0'): Promise<TestDatabase> {
    const name = nameWithin(this.run);
    await this.asAdmin((admin) => create(admin, name, template));
    return { name, url: this.url(name), drop: () => this.asAdmin((admin) => drop(admin, name)) };
  }

  /**
   * A database to copy, made once in a run of the tests, whichever Jest worker asks first; the others wait for it.
   * `key` has up to 20 letters, digits and `_`; `prepare` fills the database and closes its connections.
   */
  async template(key: string, prepare: (url: string) => Promise<void>): Promise<string> {
    const name = `${TEST_PREFIX}${this.run}_template_${key}`;
    // PostgreSQL would cut a longer name, which may then be another template's (NAMEDATALEN).
    if (name.length > 63) throw new Error(`the key of a template is too long: ${key}`);
    await this.asAdmin(async (admin) => {
      await admin.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [name]);
      const { rowCount } = await admin.query('SELECT FROM pg_database WHERE datname = $1', [name]);
      if (rowCount !== 0) return;
      // Under another name until it is whole, so that nobody takes one whose preparation failed.
      const unfinished = nameWithin(this.run);
      await create(admin, unfinished, 'template0');
      await prepare(this.url(unfinished));
      await onceUnused(() => admin.query(`ALTER DATABASE ${unfinished} RENAME TO ${escapeIdentifier(name)}`));
    });
    return name;
  }

  /** Shows other runs that this one goes on, until the function that it gives is called. */
  async showRunning(): Promise<() => Promise<void>> {
    const client = new Client({
      connectionString: this.adminUrl,
      application_name: sessionName(this.run),
    });
    // Where the server goes away, the tests say so.
    client.on('error', () => undefined);
    await client.connect();
    return () => client.end();
  }

  /** Drops what this run still has, and what runs left behind that were killed. */
  async dropLeftovers(now: number): Promise<void> {
    await this.asAdmin(async (admin) => {
      const sessions = await namesIn(admin, 'SELECT application_name AS name FROM pg_stat_activity');
      const databases = await namesIn(admin, 'SELECT datname AS name FROM pg_database');
      const isOfThisRun = (name: string): boolean => name.startsWith(`${TEST_PREFIX}${this.run}_`);
      for (const name of databases)
        if (isOfThisRun(name) || isLeftBehind(name, sessions, now)) await drop(admin, name);
    });
  }

  private asAdmin<T>(work: (admin: Client) => Promise<T>): Promise<T> {
    return inPostgresSession(this.adminUrl, work);
  }
}

async function namesIn(admin: Client, sql: string): Promise<ReadonlySet<string>> {
  const { rows } = await admin.query<{ name: string }>(sql);
  return new Set(rows.map(({ name }) => name));
}

async function create(admin: Client, name: string, template: string): Promise<void> {
  const options = `TEMPLATE ${escapeIdentifier(template)} ENCODING 'UTF8'`;
  await onceUnused(() => admin.query(`CREATE DATABASE ${escapeIdentifier(name)} ${options}`));
}

async function drop(admin: Client, name: string): Promise<void> {
  await admin.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`);
}

/** Tries again while somebody is still connected: a connection outlives its client's goodbye for a moment. */
async function onceUnused(work: () => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + RETRY_LIMIT_MS;
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      const isInUse = error instanceof DatabaseError && error.code === OBJECT_IN_USE;
      if (!isInUse || Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
}
