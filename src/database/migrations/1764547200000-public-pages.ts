import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts' public status pages, one for each account that wants one. The same on both databases. */
export class PublicPages1764547200000 implements MigrationInterface {
  readonly name = 'PublicPages1764547200000';

  async up(runner: QueryRunner): Promise<void> {
    const key = runner.dataSource.options.type === 'postgres' ? 'TEXT COLLATE "C"' : 'TEXT';
    await runner.query(`CREATE TABLE public_pages (
      account_id ${key} PRIMARY KEY,
      slug ${key} NOT NULL CONSTRAINT uq_public_pages_slug UNIQUE,
      title TEXT NOT NULL,
      enabled BOOLEAN NOT NULL,
      show_summaries BOOLEAN NOT NULL,
      services TEXT NOT NULL,
      secret TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      updated_at BIGINT NOT NULL
    )`);
  }

  /** Migrations go forward only: a backup is the way back. */
  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
