import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';

/** Another process has the database open. */
export class DatabaseInUseError extends Error {
  constructor(path: string, pid: string) {
    super(
      `The database ${path} is in use by process ${pid}. ` +
        'Stop that process, or give this one a file of its own with DATABASE_URL.',
    );
    this.name = 'DatabaseInUseError';
  }
}

/** Held for the life of the process that uses a SQLite file. */
export interface FileLock {
  release(): void;
}

/**
 * Takes the exclusive lock on a SQLite file for this process. The lock is SQLite's own lock on a small file
 * beside the database, so the kernel drops it however the process ends, and the database itself stays open
 * for backups by others.
 *
 * @throws DatabaseInUseError naming the pid of the process that holds it
 */
export function lockFile(databasePath: string): FileLock {
  mkdirSync(dirname(databasePath), { recursive: true });
  const pidPath = `${databasePath}.pid`;
  const lock = new Sqlite(`${databasePath}.lock`, { timeout: 0 });
  try {
    lock.pragma('journal_mode = MEMORY');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    if ((cause as { code?: string }).code !== 'SQLITE_BUSY') throw cause;
    throw new DatabaseInUseError(databasePath, readPid(pidPath));
  }
  writeFileSync(pidPath, `${process.pid}\n`);
  return {
    release: () => {
      rmSync(pidPath, { force: true });
      lock.close();
    },
  };
}

function readPid(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    return `unknown (${(error as NodeJS.ErrnoException).code ?? 'unreadable'})`;
  }
}
