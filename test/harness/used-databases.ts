import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { inPostgresSession } from './postgres-session';

/** A database, and what its tables were when it was new. */
interface UsedDatabase {
  readonly url: string;
  readonly shape: string;
}

const SHAPE = `
  SELECT string_agg(concat_ws(' ', oid, relname, relnatts), ', ' ORDER BY oid) AS shape
  FROM pg_class WHERE relnamespace = 'public'::regnamespace`;

const OTHERS = `
  SELECT pid FROM pg_stat_activity
  WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()`;

/** `migrations` and `readiness_probe` have rows from the beginning on. */
const EMPTY = `
  DO $$
  DECLARE leaf regclass;
  BEGIN
    FOR leaf IN SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
      AND relname NOT IN ('migrations', 'readiness_probe')
    LOOP EXECUTE 'DELETE FROM ' || leaf; END LOOP;
    PERFORM setval(oid::regclass, 1, FALSE) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S';
  END $$`;

/** A connection outlives its client's goodbye for a moment. */
const GOODBYES = 20;
const GOODBYE_MS = 10;

/**
 * Databases that a test has done with, for the next tests of the file. Making one takes many times as long as emptying
 * one, and removing the hundreds that a run would make else takes minutes.
 */
export class UsedDatabases {
  private readonly shapes = new Map<string, string>();
  private readonly free: UsedDatabase[] = [];

  /** To be told of a new one before it is used. */
  async note(url: string): Promise<void> {
    this.shapes.set(url, await inPostgresSession(url, readShape));
  }

  /** Nobody needs what is in it any more. */
  release(url: string): void {
    const shape = this.shapes.get(url);
    if (shape !== undefined) this.free.push({ url, shape });
  }

  /** Somebody goes on with it all the same. */
  keep(url: string): void {
    const place = this.free.findIndex((used) => used.url === url);
    if (place !== -1) this.free.splice(place, 1);
  }

  /** One that is as good as new, or null. What is in use yet, or was changed in shape, is left to the end of the run. */
  async take(): Promise<string | null> {
    for (let used = this.free.pop(); used !== undefined; used = this.free.pop()) {
      const { url, shape } = used;
      if (await inPostgresSession(url, (client) => empty(client, shape))) return url;
    }
    return null;
  }
}

async function readShape(client: Client): Promise<string> {
  const { rows } = await client.query<{ shape: string }>(SHAPE);
  return (rows[0] as { shape: string }).shape;
}

/** False where that cannot be done. */
async function empty(client: Client, shape: string): Promise<boolean> {
  if (!(await isLeftAlone(client)) || (await readShape(client)) !== shape) return false;
  await client.query(EMPTY);
  return true;
}

async function isLeftAlone(client: Client): Promise<boolean> {
  for (let look = 0; look < GOODBYES; look++) {
    if ((await client.query(OTHERS)).rowCount === 0) return true;
    await sleep(GOODBYE_MS);
  }
  return false;
}
