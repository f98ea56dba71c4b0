import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What objectives are judged by, and what is remembered of their alerts. The same on both databases. */
export class Slos1764374400000 implements MigrationInterface {
  readonly name = 'Slos1764374400000';

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
}

const SQLITE: Words = { key: 'TEXT', keyed: 'WITHOUT ROWID' };

const POSTGRES: Words = { key: 'TEXT COLLATE "C"', keyed: '' };

const statements = ({ key, keyed }: Words): string[] => [
  // A series' rows lie together, by time, as windows read them.
  `CREATE TABLE slo_counts (
    series ${key} NOT NULL,
    account_id ${key} NOT NULL,
    span_ms BIGINT NOT NULL,
    bucket_at BIGINT NOT NULL,
    writer ${key} NOT NULL,
    good BIGINT NOT NULL,
    bad BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    latencies TEXT NOT NULL,
    PRIMARY KEY (series, account_id, span_ms, bucket_at, writer)
  ) ${keyed}`,
  `CREATE INDEX ix_slo_counts_age ON slo_counts (bucket_at)`,

  // Those that are not quiet.
  `CREATE TABLE slo_alerts (
    account_id ${key} NOT NULL,
    subject ${key} NOT NULL,
    alert ${key} NOT NULL,
    name TEXT NOT NULL,
    service TEXT NOT NULL,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    told_at BIGINT,
    PRIMARY KEY (account_id, subject, alert)
  ) ${keyed}`,

  // When somebody looked: a row from each beginning until the newest look.
  `CREATE TABLE slo_watches (
    subject ${key} NOT NULL,
    from_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    PRIMARY KEY (subject, from_at)
  ) ${keyed}`,

  `CREATE TABLE monitor_spans (
    monitor_id ${key} NOT NULL,
    state ${key} NOT NULL,
    from_at BIGINT NOT NULL,
    until_at BIGINT,
    PRIMARY KEY (monitor_id, state, from_at)
  ) ${keyed}`,
  `CREATE INDEX ix_monitor_spans_age ON monitor_spans (state, until_at, monitor_id)`,
];
