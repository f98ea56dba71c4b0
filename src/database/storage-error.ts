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

/** Turns an error of the driver that is the database's fault into StorageUnavailableError; returns others as they are. */
export function classifyStorageError(error: unknown): unknown {
  if (error instanceof StorageUnavailableError) return error;
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  const code = (cause as { code?: unknown } | null)?.code;
  const isConnectionGone =
    cause instanceof TypeError && cause.message === 'The database connection is not open';
  const fault = SQLITE_STORAGE_FAULTS.find((name) => typeof code === 'string' && code.startsWith(name));
  if (fault === undefined && !isConnectionGone) return error;
  return new StorageUnavailableError(`the database refuses to work (${fault ?? 'it is closed'})`, {
    cause: error,
  });
}
