import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Destinations may come from a file. The same on both databases. */
export class DestinationOrigin1764115260000 implements MigrationInterface {
  readonly name = 'DestinationOrigin1764115260000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE destinations ADD COLUMN origin TEXT NOT NULL DEFAULT 'api'`);
  }

  /** Migrations go forward only: a backup is the way back. */
  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
