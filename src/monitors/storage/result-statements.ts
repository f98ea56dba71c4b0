import { Statement } from '../../database/statement';
import type { CheckRollupEntity } from './check-rollup.entity';

/** Locks what is known of monitors, in the order of their ids, and gives the versions. Parameter: rows of ids. */
export const LOCK_STATES = new Statement<{ monitor_id: string; version: number }>(
  ({ name, rows }) => `
  SELECT monitor_id, version FROM monitor_states
  WHERE monitor_id IN (SELECT j.value ->> 0 FROM ${rows('j')})
  ORDER BY monitor_id ${name === 'postgres' ? 'FOR UPDATE' : ''}`,
);

/** Gives those that were not there yet. */
export const ADD_CHECKS = new Statement<{ monitor_id: string }>(
  ({ rows }) => `
  INSERT INTO checks (monitor_id, slot_at, started_at, class, reason, duration_tenths, http_status,
    is_in_maintenance, details)
  SELECT j.value ->> 0, CAST(j.value ->> 1 AS bigint), CAST(j.value ->> 2 AS bigint), j.value ->> 3, j.value ->> 4,
    CAST(j.value ->> 5 AS bigint), CAST(j.value ->> 6 AS integer), CAST(j.value ->> 7 AS integer), j.value ->> 8
  FROM ${rows('j')} WHERE TRUE ORDER BY j.key
  ON CONFLICT (monitor_id, slot_at) DO NOTHING RETURNING monitor_id`,
);

export const CHANGE_STATES = new Statement(
  ({ rows }) => `
  UPDATE monitor_states SET version = version + 1, state = j.value ->> 1,
    next_at = CAST(j.value ->> 2 AS bigint), last_slot_at = CAST(j.value ->> 3 AS bigint),
    last_check = j.value ->> 4, told_at = CAST(j.value ->> 5 AS bigint), begun_at = CAST(j.value ->> 6 AS bigint)
  FROM ${rows('j')} WHERE monitor_id = j.value ->> 0`,
);

/** Parameter: rows of monitor, span and bucket. */
export const READ_ROLLUPS = new Statement<CheckRollupEntity>(
  ({ rows, lookUp }) => `
  SELECT r.* FROM ${rows('j')} ${lookUp(
    'check_rollups',
    'r',
    `r.monitor_id = j.value ->> 0 AND r.span_ms = CAST(j.value ->> 1 AS bigint)
      AND r.bucket_at = CAST(j.value ->> 2 AS bigint)`,
  )}`,
);

/** Whole counts and not what is to be added: the monitor's state is locked, and so nobody else counts meanwhile. */
export const WRITE_ROLLUPS = new Statement(
  ({ rows }) => `
  INSERT INTO check_rollups (monitor_id, span_ms, bucket_at, up, degraded, down, unknown, maintenance, sketch)
  SELECT j.value ->> 0, CAST(j.value ->> 1 AS bigint), CAST(j.value ->> 2 AS bigint), CAST(j.value ->> 3 AS bigint),
    CAST(j.value ->> 4 AS bigint), CAST(j.value ->> 5 AS bigint), CAST(j.value ->> 6 AS bigint),
    CAST(j.value ->> 7 AS bigint), j.value ->> 8
  FROM ${rows('j')} WHERE TRUE ORDER BY j.key
  ON CONFLICT (monitor_id, span_ms, bucket_at) DO UPDATE SET up = excluded.up, degraded = excluded.degraded,
    down = excluded.down, unknown = excluded.unknown, maintenance = excluded.maintenance, sketch = excluded.sketch`,
);
