import Sqlite from 'better-sqlite3';
import { fillRollUps } from './roll-ups';

/** How a large installation looks beside its events. */
export interface StoredFleet {
  /** Monitors, each of a service of its own. One of a hundred is down. */
  readonly monitors: number;
}

/** The last check of every monitor, and when its state began, in milliseconds before now. */
const CHECKED_MS = 30_000;
const STATE_MS = 3_600_000;

/**
 * Writes monitors, deliveries of all critical events and roll-ups of all events straight into the tables of a database
 * that the service is not running on. It has to hold the events, and one monitor, of which the others are made.
 */
export function fillWithFleet(databasePath: string, { monitors }: StoredFleet): void {
  const database = new Sqlite(databasePath);
  // Nothing is lost if this is cut short, so it may be fast. The journal goes back to what the service expects.
  database.pragma('journal_mode = OFF');
  database.pragma('synchronous = OFF');
  database.pragma('temp_store = MEMORY');
  const now = Date.now();
  database.exec('BEGIN');
  database.prepare(MONITORS).run({ monitors, now });
  database.prepare(STATES).run({ checkedAt: now - CHECKED_MS, sinceAt: now - STATE_MS });
  database.exec(DELIVERIES);
  database.exec(FRESH);
  fillRollUps(database, now);
  database.exec('COMMIT');
  database.exec('DROP VIEW fresh');
  database.pragma('journal_mode = WAL');
  database.close();
}

const MONITORS = `
  WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < :monitors - 1)
  INSERT INTO monitors (id, account_id, type, name, definition, revision, origin, created_at, updated_at)
  SELECT printf('m%015d', number), m.account_id, m.type, 'Monitor ' || number,
    json_set(m.definition, '$.name', 'Monitor ' || number, '$.service', 'service-' || number, '$.paused', json('false')),
    1, m.origin, :now, :now
  FROM numbers CROSS JOIN monitors m`;

/** Never due: what is measured is looking at them. */
const STATES = `
  INSERT INTO monitor_states (monitor_id, version, state, last_check, asked_since)
  SELECT m.id, 1,
    json_set(s.state, '$.verdict', iif(m.id LIKE '%00', 'down', 'up'), '$.since_at', CAST(:sinceAt AS INTEGER)),
    json_object('slot_at', CAST(:checkedAt AS INTEGER), 'started_at', CAST(:checkedAt AS INTEGER), 'state', 'up',
      'reason', NULL, 'duration_ms', 84.2, 'http_status', 200, 'in_maintenance', json('false'), 'failed', json('[]')),
    CAST(:sinceAt AS INTEGER)
  FROM monitors m CROSS JOIN (SELECT state FROM monitor_states LIMIT 1) s
  WHERE m.id NOT IN (SELECT monitor_id FROM monitor_states)`;

const DELIVERIES = `
  INSERT INTO deliveries (account_id, event_id, revision, destination, action, severity, priority, status, created_at,
    due_at, finished_at, attempts, claims)
  SELECT account_id, event_id, 1, 'pagerduty', 'trigger', severity, 0, 'delivered', received_at, received_at,
    received_at + 800, 1, 1
  FROM events WHERE severity = 'critical' ORDER BY received_at`;

/** What roll-ups are made of: these events are of no user, so they are given some. */
const FRESH = `
  CREATE TEMP VIEW fresh AS
  SELECT account_id, severity, type, 'user-' || (first_seq % 400) AS user_id, received_at FROM events`;
