import { QueryFailedError } from 'typeorm';

/** The database itself cannot take or give anything now: disk, file or connection. Not the caller's fault. */
export class StorageUnavailableError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StorageUnavailableError';
  }
}

/**
 * SQLite's primary result codes that say the file or disk is at fault, not the row
 * (https://www.sqlite.org/rescode.html). Extended codes begin with them.
 */
const SQLITE_STORAGE_FAULTS = [
  'SQLITE_BUSY',
  'SQLITE_CANTOPEN',
  'SQLITE_CORRUPT',
  'SQLITE_FULL',
  'SQLITE_IOERR',
  'SQLITE_LOCKED',
  'SQLITE_NOMEM',
  'SQLITE_NOTADB',
  'SQLITE_PERM',
  'SQLITE_READONLY',
];

/**
 * PostgreSQL's classes and codes that say the server or the way to it is at fault, not the row
 * (https://www.postgresql.org/docs/current/errcodes-appendix.html): connection, authorization, resources,
 * intervention, system, configuration; a server that only reads (as after a failover); a transaction that took too
 * long; a database that is not there. Class 54, limits of a statement or an index, is the row's fault.
 */
const POSTGRES_STORAGE_FAULTS = /^(08|28|53|57|58|F0|XX|25006|25P03|25P04|3D000|40P01|40001|55P03)/;

/** Node's codes for a way to the server that is cut (`man 3 errno`, and Node's `dns` for names). */
const CONNECTION_FAULTS = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
];

/** What the drivers say without a code where the connection is gone: better-sqlite3, pg, and TypeORM's DataSource. */
const CONNECTION_FAULT_MESSAGES =
  /^(The database connection is not open|Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client was closed|Client has encountered a connection error|Cannot use a pool after calling end|Driver not Connected)/;

/** Serialization failure and deadlock: PostgreSQL has rolled back, and asks for another try. */
const WORTH_REPEATING = ['40001', '40P01'];

/** Whether a transaction failed only because another one was in its way. */
export function isWorthRepeating(error: unknown): boolean {
  return WORTH_REPEATING.includes(codeOf(driverErrorOf(error)) ?? '');
}

/** Turns an error of the driver that is the database's fault into StorageUnavailableError; returns others as they are. */
export function classifyStorageError(error: unknown): unknown {
  if (error instanceof StorageUnavailableError) return error;
  const fault = storageFaultOf(error);
  return fault === null ? error : unavailable(fault, error);
}

/** Whatever it is that somebody met who could not connect, or whose connection broke. */
export function connectionFailed(cause: Error): StorageUnavailableError {
  return unavailable(codeOf(cause) ?? cause.message, cause);
}

function unavailable(fault: string, cause: unknown): StorageUnavailableError {
  return new StorageUnavailableError(`the database refuses to work (${fault})`, { cause });
}

/** What is wrong with the database, or null where it is not the database's fault. */
function storageFaultOf(error: unknown): string | null {
  const cause = driverErrorOf(error);
  const { message, severity } = (cause ?? {}) as { message?: unknown; severity?: unknown };
  if (typeof message === 'string' && CONNECTION_FAULT_MESSAGES.test(message)) return message;
  const code = codeOf(cause);
  if (code === null) return null;
  // PostgreSQL's errors have a severity. Node's codes are anybody's, a sender's that goes away for one, and so they
  // count only where a statement has met them.
  const isFault =
    (severity !== undefined && POSTGRES_STORAGE_FAULTS.test(code)) ||
    (error instanceof QueryFailedError && CONNECTION_FAULTS.includes(code)) ||
    SQLITE_STORAGE_FAULTS.some((name) => code.startsWith(name));
  return isFault ? code : null;
}

function driverErrorOf(error: unknown): unknown {
  return error instanceof QueryFailedError ? error.driverError : error;
}

function codeOf(error: unknown): string | null {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : null;
}
