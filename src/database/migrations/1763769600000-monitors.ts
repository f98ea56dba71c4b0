import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Monitors, what is known of them, and what their checks said. The same on both databases. */
export class Monitors1763769600000 implements MigrationInterface {
  readonly name = 'Monitors1763769600000';

  async up(runner: QueryRunner): Promise<void> {
    const isPostgres = runner.dataSource.options.type === 'postgres';
    for (const statement of statements(isPostgres ? POSTGRES : SQLITE)) await runner.query(statement);
  }

  /** Migrations go forward only: a backup is the way back. */
  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}

/** Words that the two databases spell differently. */
interface Words {
  readonly key: string;
  /** For tables whose rows lie best in the order of their key. */
  readonly keyed: string;
  /** For tables whose rows are rewritten often. */
  readonly rewritten: string;
}

const SQLITE: Words = { key: 'TEXT', keyed: 'WITHOUT ROWID', rewritten: 'WITHOUT ROWID' };

// Room on each page for new versions of its rows. A state is rewritten at every check, and its statistics are soon old.
const POSTGRES: Words = {
  key: 'TEXT COLLATE "C"',
  keyed: '',
  rewritten: 'WITH (fillfactor = 70)',
};

const statements = ({ key, keyed, rewritten }: Words): string[] => [
  `CREATE TABLE monitors (
    id ${key} PRIMARY KEY,
    account_id ${key} NOT NULL,
    type TEXT NOT NULL,
    name TEXT NOT NULL,
    definition TEXT NOT NULL,
    revision INTEGER NOT NULL,
    origin TEXT NOT NULL,
    origin_key ${key},
    token ${key} UNIQUE,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
  )`,
  `CREATE UNIQUE INDEX uq_monitors_account ON monitors (account_id, id)`,
  `CREATE UNIQUE INDEX uq_monitors_origin ON monitors (account_id, origin_key) WHERE origin_key IS NOT NULL`,

  // Instants that are null are no longer, or not yet. What is due is found by its instant alone.
  `CREATE TABLE monitor_states (
    monitor_id ${key} PRIMARY KEY,
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    next_at BIGINT,
    last_slot_at BIGINT,
    last_check TEXT,
    told_at BIGINT,
    begun_at BIGINT,
    asked_since BIGINT NOT NULL
  ) ${rewritten}`,
  `CREATE INDEX ix_monitor_states_due ON monitor_states (next_at, monitor_id) WHERE next_at IS NOT NULL`,

  `CREATE TABLE monitor_incidents (
    monitor_id ${key} NOT NULL,
    started_at BIGINT NOT NULL,
    account_id ${key} NOT NULL,
    event_id ${key} NOT NULL,
    resolved_at BIGINT,
    PRIMARY KEY (monitor_id, started_at)
  ) ${keyed}`,
  `CREATE UNIQUE INDEX uq_monitor_incidents_open ON monitor_incidents (monitor_id) WHERE resolved_at IS NULL`,
  `CREATE INDEX ix_monitor_incidents_age ON monitor_incidents (resolved_at) WHERE resolved_at IS NOT NULL`,

  // A monitor's rows lie together, as they are read and removed together.
  `CREATE TABLE checks (
    monitor_id ${key} NOT NULL,
    slot_at BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    class ${key} NOT NULL,
    reason TEXT,
    duration_tenths BIGINT NOT NULL,
    http_status INTEGER,
    is_in_maintenance INTEGER NOT NULL,
    details TEXT NOT NULL,
    PRIMARY KEY (monitor_id, slot_at)
  ) ${keyed}`,
  // Most checks are up.
  `CREATE INDEX ix_checks_class ON checks (monitor_id, class, slot_at) WHERE class <> 'up'`,

  `CREATE TABLE check_rollups (
    monitor_id ${key} NOT NULL,
    span_ms BIGINT NOT NULL,
    bucket_at BIGINT NOT NULL,
    up BIGINT NOT NULL,
    degraded BIGINT NOT NULL,
    down BIGINT NOT NULL,
    unknown BIGINT NOT NULL,
    maintenance BIGINT NOT NULL,
    sketch TEXT NOT NULL,
    PRIMARY KEY (monitor_id, span_ms, bucket_at)
  ) ${rewritten}`,

  // Processes that decide nothing, because most checks fail for their own sake; a row goes when its hold ends.
  `CREATE TABLE decision_holds (
    event_id ${key} PRIMARY KEY,
    held_since BIGINT NOT NULL,
    renewed_at BIGINT NOT NULL
  )`,

  `CREATE TABLE maintenance_windows (
    id ${key} PRIMARY KEY,
    account_id ${key} NOT NULL,
    name TEXT NOT NULL,
    monitor_ids TEXT,
    schedule TEXT NOT NULL,
    origin TEXT NOT NULL,
    origin_key ${key},
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
  )`,
  `CREATE UNIQUE INDEX uq_maintenance_windows_account ON maintenance_windows (account_id, id)`,
  `CREATE UNIQUE INDEX uq_maintenance_windows_origin ON maintenance_windows (account_id, origin_key)
    WHERE origin_key IS NOT NULL`,
];
