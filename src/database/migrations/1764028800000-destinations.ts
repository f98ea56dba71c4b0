import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts' own destinations. The same on both databases. */
export class Destinations1764028800000 implements MigrationInterface {
  readonly name = 'Destinations1764028800000';

  async up(runner: QueryRunner): Promise<void> {
    const key = runner.dataSource.options.type === 'postgres' ? 'TEXT COLLATE "C"' : 'TEXT';
    await runner.query(`CREATE TABLE destinations (
      id ${key} PRIMARY KEY,
      account_id ${key} NOT NULL,
      name ${key} NOT NULL,
      type TEXT NOT NULL,
      credential TEXT NOT NULL,
      enabled BOOLEAN NOT NULL,
      created_at BIGINT NOT NULL,
      updated_at BIGINT NOT NULL,
      deleted_at BIGINT
    )`);
    await runner.query(
      'CREATE UNIQUE INDEX uq_destinations_name ON destinations (account_id, name) WHERE deleted_at IS NULL',
    );
    // None is written as null from now on: the list itself is sealed.
    await runner.query(`UPDATE accounts SET stripe_secrets = NULL WHERE stripe_secrets = '[]'`);
  }

  /** Migrations go forward only: a backup is the way back. */
  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
