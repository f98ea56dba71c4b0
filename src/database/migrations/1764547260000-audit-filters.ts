import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What somebody did, and where something was done, is found without reading the whole audit log. The same on both databases. */
export class AuditFilters1764547260000 implements MigrationInterface {
  readonly name = 'AuditFilters1764547260000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX ix_audit_entries_action ON audit_entries (action, id)');
    await runner.query('CREATE INDEX ix_audit_entries_actor ON audit_entries (actor_name, id)');
  }

  /** Migrations go forward only: a backup is the way back. */
  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
