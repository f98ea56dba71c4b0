import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts' own routes, one document for each account. The same on both databases. */
export class Routes1764201600000 implements MigrationInterface {
  readonly name = 'Routes1764201600000';

  async up(runner: QueryRunner): Promise<void> {
    const key = runner.dataSource.options.type === 'postgres' ? 'TEXT COLLATE "C"' : 'TEXT';
    await runner.query(`CREATE TABLE account_routes (
      account_id ${key} PRIMARY KEY,
      version BIGINT NOT NULL,
      routes TEXT NOT NULL,
      updated_at BIGINT NOT NULL
    )`);
  }

  /** Migrations go forward only: a backup is the way back. */
  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
