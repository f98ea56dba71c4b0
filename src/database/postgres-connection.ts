import { Logger } from '@nestjs/common';
import { Client, types, type CustomTypesConfig } from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { migrations } from './migrations';
import type { Entities } from './sqlite-connection';
import { connectionFailed } from './storage-error';

/** Longer than any statement of ours takes, and short enough to notice a server that no longer answers. */
const STATEMENT_TIMEOUT_MS = 20_000;

/** The server gives up this much earlier, where it can, so that a client that gives up knows the connection for dead. */
const QUERY_MARGIN_MS = 5_000;

const CONNECT_TIMEOUT_MS = 5_000;

/** PostgreSQL's type `bigint` (https://www.postgresql.org/docs/current/catalog-pg-type.html, pg_type.dat). */
const INT8 = 20;

/** Name of the advisory lock that migrations run under: "signalbx" as eight bytes. */
const MIGRATION_LOCK = '8316291936733602936';

/** How many connections, and to what. */
export interface PoolOptions {
  readonly url: string;
  readonly size: number;
  readonly entities: Entities;
}

/** How long a statement may take. */
export interface Patience {
  /** By the server's clock; so long a transaction may idle, too. */
  readonly statementMs: number;
  /** By ours, for a server that no longer answers. */
  readonly queryMs: number;
}

const PATIENCE: Patience = {
  statementMs: STATEMENT_TIMEOUT_MS,
  queryMs: STATEMENT_TIMEOUT_MS + QUERY_MARGIN_MS,
};

/** Opens a pool whose statements end in time, or fail. */
export function openPool(options: PoolOptions, patience: Patience = PATIENCE): Promise<DataSource> {
  return open(options, {
    statement_timeout: patience.statementMs,
    idle_in_transaction_session_timeout: patience.statementMs,
    query_timeout: patience.queryMs,
  });
}

/**
 * Brings the schema up to date, however long that takes. Of several processes that start at once, one does it and
 * the others wait for it.
 */
export async function migrate(url: string): Promise<void> {
  const source = await open({ url, size: 2, entities: [] }, {});
  const session = source.createQueryRunner();
  try {
    await session.query(`SELECT pg_advisory_lock(${MIGRATION_LOCK})`);
    await source.runMigrations({ transaction: 'each' });
  } finally {
    // The lock goes with the connection.
    await session.release();
    await source.destroy();
  }
}

function open({ url, size, entities }: PoolOptions, timeouts: Record<string, unknown>): Promise<DataSource> {
  const logger = new Logger('Database');
  const options: DataSourceOptions = {
    type: 'postgres',
    url,
    entities: [...entities],
    migrations: [...migrations.postgres],
    synchronize: false,
    logging: false,
    poolSize: size,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    applicationName: 'signalbox',
    // Not the error: it brings the whole client with it.
    poolErrorHandler: ({ message }: Error) =>
      logger.warn({ reason: message }, 'a connection to PostgreSQL was lost'),
    extra: {
      Client: ImpatientClient,
      types: { getTypeParser } satisfies CustomTypesConfig,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      ...timeouts,
    },
  };
  return new DataSource(options).initialize();
}

/** What this server has committed may be gone when its machine stops. */
export class NotDurableError extends Error {
  constructor(fsync: string | undefined) {
    super(
      `PostgreSQL runs with fsync=${fsync}: what it has committed is lost when its machine stops. Set fsync=on.`,
    );
    this.name = 'NotDurableError';
  }
}

/**
 * Promise 1 rests on the server writing to disk before it says that it has. `synchronous_commit` is set in every
 * transaction that writes; `fsync` only the server's administrator can set.
 *
 * @throws NotDurableError
 */
export async function assertDurable(source: DataSource): Promise<void> {
  const [row] = await source.query<{ fsync: string }[]>('SHOW fsync');
  if (row?.fsync !== 'on') throw new NotDurableError(row?.fsync);
}

/** Instants are bigint, and well within what a number holds. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (oid === INT8 && format !== 'binary') return Number;
  return types.getTypeParser(oid, format) as (value: string) => unknown;
}

type Connected = (error?: Error) => void;

/**
 * Leaves a connection whose server did not answer in time. pg keeps it, and would queue the next statement behind
 * the one that nobody answers.
 */
class ImpatientClient extends Client {
  /** What stands in the way of a connection is never the fault of whoever wanted it. */
  override connect(): Promise<Client>;
  override connect(connected: Connected): void;
  override connect(connected?: Connected): Promise<Client> | void {
    // pg's pool calls it so.
    if (connected === undefined) return super.connect();
    super.connect((error?: Error) => connected(error ? connectionFailed(error) : undefined));
  }

  override query(...parameters: unknown[]): never {
    const result: unknown = (super.query as (...all: unknown[]) => unknown).apply(this, parameters);
    if (result instanceof Promise) {
      result.catch((error: Error) => {
        if (error.message === 'Query read timeout') this.end().catch(() => undefined);
      });
    }
    return result as never;
  }
}
