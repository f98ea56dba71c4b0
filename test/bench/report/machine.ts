import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { PACKAGE_ROOT } from '../bench';
import { nowMs } from '../clock';
import type { ScaledServers } from '../processes/scaled-servers';
import { spreadOf, type Spread } from '../statistics';
import { ms, type Table } from './report';

const SYNCS = 300;
const BLOCK_BYTES = 4_096;

/** What the numbers were measured on. `folder` is on the disk that counts. */
export function machineTable(folder: string, servers: ScaledServers | null): Table {
  const { p50, p99 } = fsyncLatency(folder);
  return {
    head: ['machine', ''],
    rows: [
      ['processor', `${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} cores`],
      ['memory', `${Math.round(totalmem() / 2 ** 30)} GiB`],
      ['system', `${platform()} ${release()} ${arch()}`],
      ['write of 4 KiB + fdatasync', `p50 ${ms(p50)}, p99 ${ms(p99)}`],
      ['Node', process.versions.node],
      ['Fastify (both)', versionOf('fastify')],
      ['Nest', versionOf('@nestjs/core')],
      ['TypeORM', versionOf('typeorm')],
      ['better-sqlite3', versionOf('better-sqlite3')],
      ['SQLite', sqliteVersion()],
      ['BullMQ', versionOf('bullmq')],
      ['ioredis', versionOf('ioredis')],
      ['pg', versionOf('pg')],
      ...(servers?.description ?? []),
    ],
  };
}

/** How long the disk takes to make an appended block durable: no commit can be faster. */
function fsyncLatency(folder: string): Spread {
  const file = openSync(join(folder, 'fsync'), 'w');
  const block = Buffer.alloc(BLOCK_BYTES, 1);
  const latencies = Array.from({ length: SYNCS }, () => {
    const startedAt = nowMs();
    writeSync(file, block);
    fdatasyncSync(file);
    return nowMs() - startedAt;
  });
  closeSync(file);
  return spreadOf(latencies);
}

function versionOf(name: string): string {
  const text = readFileSync(join(PACKAGE_ROOT, 'node_modules', name, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function sqliteVersion(): string {
  const database = new Sqlite(':memory:');
  const { version } = database.prepare('SELECT sqlite_version() AS version').get() as { version: string };
  database.close();
  return version;
}
