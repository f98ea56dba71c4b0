import type { MigrationInterface, QueryRunner } from 'typeorm';

const STATEMENTS = [
  'ALTER TABLE deliveries ADD COLUMN hold TEXT',
  'ALTER TABLE deliveries ADD COLUMN held_until BIGINT',
  'ALTER TABLE deliveries ADD COLUMN route_id TEXT',
  'ALTER TABLE deliveries ADD COLUMN remind_every_s INTEGER',
  // The age of what was held counts from the end of its hold.
  'DROP INDEX ix_deliveries_age',
  `CREATE INDEX ix_deliveries_age ON deliveries ((coalesce(held_until, created_at))) WHERE status = 'pending'`,
  // Finds what a change of an account's routes concerns, and is of use for nothing else.
  `CREATE INDEX ix_deliveries_held ON deliveries (account_id) WHERE status = 'pending' AND hold IS NOT NULL`,
];

/** Deliveries that wait for a time or a reason of their routes. The same on both databases. */
export class Holds1764288000000 implements MigrationInterface {
  readonly name = 'Holds1764288000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  /** Migrations go forward only: a backup is the way back. */
  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
