import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts' own objectives, one document for each account. The same on both databases. */
export class AccountObjectives1764633600000 implements MigrationInterface {
  readonly name = 'AccountObjectives1764633600000';

  async up(runner: QueryRunner): Promise<void> {
    const key = runner.dataSource.options.type === 'postgres' ? 'TEXT COLLATE "C"' : 'TEXT';
    await runner.query(`CREATE TABLE account_objectives (
      account_id ${key} PRIMARY KEY,
      version BIGINT NOT NULL,
      size INTEGER NOT NULL,
      objectives TEXT NOT NULL,
      updated_at BIGINT NOT NULL
    )`);
  }

  /** Migrations go forward only: a backup is the way back. */
  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
