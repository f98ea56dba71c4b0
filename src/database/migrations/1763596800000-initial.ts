import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The first schema. Instants are INTEGER milliseconds since 1970 UTC. */
export class Initial1763596800000 implements MigrationInterface {
  readonly name = 'Initial1763596800000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  /** Migrations go forward only: a backup is the way back. */
  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}

const STATEMENTS = [
  `CREATE TABLE events (
    account_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    source TEXT NOT NULL,
    kind TEXT NOT NULL,
    severity TEXT NOT NULL,
    service TEXT NOT NULL,
    type TEXT NOT NULL,
    user_id TEXT,
    summary TEXT NOT NULL,
    description TEXT,
    started_at INTEGER NOT NULL,
    resolved_at INTEGER,
    updated_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    routed INTEGER NOT NULL,
    origin TEXT NOT NULL,
    request_id TEXT,
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    raw TEXT NOT NULL,
    CONSTRAINT uq_events_account_event UNIQUE (account_id, event_id)
  )`,
  // Lists: by arrival, each filter with an index that keeps that order. The partial ones stay small, because
  // most events are points in time of severity info. "Open" is spelt so that no other index looks better to
  // SQLite, which would then sort every incident there ever was.
  `CREATE INDEX ix_events_arrival ON events (received_at, account_id, event_id)`,
  `CREATE INDEX ix_events_account ON events (account_id, received_at)`,
  `CREATE INDEX ix_events_source ON events (source, received_at)`,
  `CREATE INDEX ix_events_service ON events (service, received_at)`,
  `CREATE INDEX ix_events_open ON events (received_at, account_id, event_id)
    WHERE resolved_at IS NULL AND kind NOT IN ('payment', 'activity')`,
  `CREATE INDEX ix_events_severity ON events (severity, received_at) WHERE severity IN ('warning', 'critical')`,
  `CREATE INDEX ix_events_kind ON events (kind, received_at) WHERE kind <> 'payment'`,

  `CREATE TABLE event_revisions (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    origin TEXT NOT NULL,
    note TEXT,
    severity TEXT NOT NULL,
    summary TEXT NOT NULL,
    description TEXT,
    resolved_at INTEGER,
    updated_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    request_id TEXT,
    raw TEXT
  )`,
  // An event knows the place of its first revision. Most have no other, and an index over all of them would cost
  // a third of what is written for an event.
  `CREATE UNIQUE INDEX uq_revisions ON event_revisions (account_id, event_id, revision) WHERE revision > 1`,

  `CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    destination TEXT NOT NULL,
    action TEXT NOT NULL,
    severity TEXT NOT NULL,
    priority INTEGER NOT NULL,
    status TEXT NOT NULL,
    reason TEXT,
    credential TEXT,
    created_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    finished_at INTEGER,
    attempts INTEGER NOT NULL,
    claims INTEGER NOT NULL,
    lease_until INTEGER,
    replay_of INTEGER,
    request_id TEXT
  )`,
  `CREATE INDEX ix_deliveries_event ON deliveries (account_id, event_id, destination)`,
  `CREATE INDEX ix_deliveries_due ON deliveries (destination, due_at) WHERE status = 'pending'`,
  `CREATE INDEX ix_deliveries_newest ON deliveries (destination, priority, id) WHERE status = 'pending'`,
  `CREATE INDEX ix_deliveries_age ON deliveries (created_at) WHERE status = 'pending'`,
  `CREATE INDEX ix_deliveries_status ON deliveries (status)`,
  `CREATE INDEX ix_deliveries_replay ON deliveries (replay_of) WHERE replay_of IS NOT NULL`,

  `CREATE TABLE delivery_attempts (
    delivery_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    outcome TEXT,
    http_status INTEGER,
    error TEXT,
    response TEXT,
    retry_at INTEGER,
    PRIMARY KEY (delivery_id, number)
  ) WITHOUT ROWID`,

  `CREATE TABLE destination_credentials (
    fingerprint TEXT PRIMARY KEY,
    destination TEXT NOT NULL,
    secret TEXT NOT NULL,
    first_used_at INTEGER NOT NULL,
    abandoned INTEGER NOT NULL
  )`,

  `CREATE TABLE page_states (
    name TEXT NOT NULL PRIMARY KEY,
    url TEXT,
    etag TEXT,
    last_modified TEXT,
    memory TEXT NOT NULL,
    last_attempt_at INTEGER,
    last_success_at INTEGER,
    last_change_at INTEGER,
    failing_since INTEGER,
    last_error_code TEXT,
    last_error_message TEXT,
    retry_at INTEGER,
    stale_event TEXT
  )`,

  // One row that readiness writes to, to see that writing works.
  `CREATE TABLE readiness_probe (probed_at INTEGER NOT NULL)`,
  `INSERT INTO readiness_probe VALUES (0)`,
];
