import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { expectNoLoss } from '../load/no-loss';
import { dropStore, type StorePlace } from './drop-store';
import { postgresMs } from './processor-time';
import type { ScaledServers } from './scaled-servers';

/** Storing has come to a halt when nothing new was stored for so long. */
const STALL_MS = 60_000;

/** Between two looks at how much is stored, which cost PostgreSQL time that is measured. */
const LEAST_PAUSE_MS = 20;
const MOST_PAUSE_MS = 1_000;

/** Processor time of the servers so far, in milliseconds; NaN where it cannot be known. */
export interface ServersCpu {
  readonly postgresMs: number;
  readonly redisMs: number;
}

const places = new Set<StorePlace>();

// Whatever this process ends of, nothing of it stays on servers that are not its own.
process.on('exit', () => {
  for (const place of places) {
    spawnSync(process.execPath, [join(__dirname, 'drop-store.js'), JSON.stringify(place)]);
  }
});

/** A database and a prefix of keys of the benchmark's own, on servers that others may use too. */
export class ScaledStore {
  private constructor(
    private readonly place: StorePlace,
    private readonly client: Client,
    private readonly backend: number,
    private readonly redis: Redis,
  ) {}

  /** Makes them, empty. */
  static async create({ postgresUrl, redisUrl }: ScaledServers): Promise<ScaledStore> {
    const name = `signalbox_bench_${randomBytes(6).toString('hex')}`;
    const place = { postgresUrl, redisUrl, database: name, prefix: name };
    places.add(place);
    const admin = new Client({ connectionString: postgresUrl });
    await admin.connect();
    await admin.query(`CREATE DATABASE ${name}`);
    await admin.end();
    const client = new Client({ connectionString: databaseUrlOf(place) });
    await client.connect();
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    return new ScaledStore(place, client, rows[0]?.pid ?? 0, new Redis(redisUrl));
  }

  get databaseUrl(): string {
    return databaseUrlOf(this.place);
  }

  get redisUrl(): string {
    return this.place.redisUrl;
  }

  get prefix(): string {
    return this.place.prefix;
  }

  /** How many events are stored. */
  async storedEvents(): Promise<number> {
    const { rows } = await this.client.query<{ stored: string }>('SELECT count(*) AS stored FROM events');
    return Number(rows[0]?.stored);
  }

  /**
   * Waits until the first events are stored, and gives their number.
   *
   * @throws Error where none is for a minute
   */
  async untilAnyStored(): Promise<number> {
    const deadline = performance.now() + STALL_MS;
    while (performance.now() < deadline) {
      const stored = await this.storedEvents();
      if (stored > 0) return stored;
      await sleep(LEAST_PAUSE_MS);
    }
    throw new Error('for a minute nothing was stored');
  }

  /**
   * Waits until so many events are stored: those that were acknowledged, each once.
   *
   * @throws Error where there are more, or nothing new is stored for a minute
   */
  async untilStored(expected: number): Promise<void> {
    const startedAt = performance.now();
    const first = await this.storedEvents();
    let stored = first;
    let progressAt = startedAt;
    while (stored < expected) {
      const perMs = (stored - first) / (performance.now() - startedAt);
      await sleep(pauseMs(expected - stored, perMs));
      const before = stored;
      stored = await this.storedEvents();
      if (stored > before) progressAt = performance.now();
      if (performance.now() - progressAt > STALL_MS) {
        throw new Error(`of ${expected} acknowledged events ${stored} are stored, and for a minute no more`);
      }
    }
    expectNoLoss(expected, stored);
  }

  /** Processor time of both servers, whoever they spent it on. */
  async cpu(): Promise<ServersCpu> {
    const info = await this.redis.info('cpu');
    const seconds = (field: string): number => Number(new RegExp(`^${field}:(\\S+)`, 'm').exec(info)?.[1]);
    const redisMs = (seconds('used_cpu_sys') + seconds('used_cpu_user')) * 1_000;
    return { postgresMs: postgresMs(this.backend), redisMs };
  }

  /** Removes everything. */
  async drop(): Promise<void> {
    await this.client.end();
    this.redis.disconnect();
    await dropStore(this.place);
    places.delete(this.place);
  }
}

/** Half the time that the rest will take, so that the end is seen soon and the looks are few. */
function pauseMs(rest: number, perMs: number): number {
  if (perMs === 0) return LEAST_PAUSE_MS;
  return Math.min(Math.max(rest / perMs / 2, LEAST_PAUSE_MS), MOST_PAUSE_MS);
}

function databaseUrlOf({ postgresUrl, database }: StorePlace): string {
  const url = new URL(postgresUrl);
  url.pathname = `/${database}`;
  return url.href;
}
