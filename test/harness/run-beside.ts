import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';

/**
 * Runs a statement on a connection of its own, as a stranger would. It waits for a transaction of the service that is
 * under way, and leaves the thread meanwhile, which that transaction may need.
 */
export async function runBesideSqlite(databasePath: string, sql: string): Promise<void> {
  const other = new Sqlite(databasePath, { timeout: 0 });
  try {
    for (;;) {
      try {
        other.exec(sql);
        return;
      } catch (error) {
        if ((error as { code?: unknown }).code !== 'SQLITE_BUSY') throw error;
      }
      await sleep(10);
    }
  } finally {
    other.close();
  }
}
