import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The trace that a delivery belongs to, and a look at the dead letters that are open. The same on both databases. */
export class Telemetry1764460800000 implements MigrationInterface {
  readonly name = 'Telemetry1764460800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE deliveries ADD COLUMN traceparent TEXT');
    await runner.query('CREATE INDEX ix_dead_letters_open ON dead_letters (id) WHERE replayed_at IS NULL');
  }

  /** Migrations go forward only: a backup is the way back. */
  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
