import Sqlite from 'better-sqlite3';

/** How many events the database of a stopped service holds. */
export function storedInSqlite(databasePath: string): number {
  const database = new Sqlite(databasePath, { readonly: true });
  const { stored } = database.prepare('SELECT count(*) AS stored FROM events').get() as { stored: number };
  database.close();
  return stored;
}

/**
 * What was acknowledged must be there, and nothing twice.
 *
 * @throws Error where it is not
 */
export function expectNoLoss(acknowledged: number, stored: number): void {
  if (stored !== acknowledged) throw new Error(`${acknowledged} were acknowledged, but ${stored} are stored`);
}
