import Sqlite from 'better-sqlite3';

/** Slots from an instant until another, which is excluded. */
export interface SlotSpan {
  readonly from: number;
  readonly until: number;
}

/** What checks of monitors came to. */
export interface StoredChecks {
  /** Those of slots in the span. */
  readonly checks: number;
  /** For each slot in the span, how long after it a check of it or of a later one began, in milliseconds. */
  readonly lagsMs: readonly number[];
}

/** So many slots before the span are read too, so that those that were left out at its beginning are known. */
const LOOK_BACK = 10;

interface Row {
  readonly monitor_id: string;
  readonly slot_at: number;
  readonly started_at: number;
}

/**
 * Reads how late checks began. A slot that was left out because the one before was late counts as late itself: its lag
 * ends with the next check of its monitor, or now. The database's service may be running.
 *
 * @param intervalMs that of all monitors
 */
export function readStoredChecks(databasePath: string, intervalMs: number, span: SlotSpan): StoredChecks {
  const database = new Sqlite(databasePath, { readonly: true });
  const now = Date.now();
  const rows = database.prepare(CHECKS).all(span.from - LOOK_BACK * intervalMs) as Row[];
  database.close();
  const lagsMs: number[] = [];
  const lateUntil = (slotAt: number, after: number, startedAt: number): void => {
    for (let slot = slotAt; slot > after; slot -= intervalMs) {
      if (slot >= span.from && slot < span.until) lagsMs.push(startedAt - slot);
    }
  };
  rows.forEach(({ monitor_id, slot_at, started_at }, index) => {
    const before = rows[index - 1];
    const isFirst = before?.monitor_id !== monitor_id;
    lateUntil(slot_at, isFirst ? slot_at - 1 : before.slot_at, started_at);
    if (rows[index + 1]?.monitor_id === monitor_id) return;
    const open = Math.max(0, Math.floor((span.until - 1 - slot_at) / intervalMs));
    lateUntil(slot_at + open * intervalMs, slot_at, now);
  });
  const checks = rows.filter(({ slot_at }) => slot_at >= span.from && slot_at < span.until).length;
  return { checks, lagsMs };
}

const CHECKS = `
  SELECT monitor_id, slot_at, started_at FROM checks WHERE slot_at >= ? ORDER BY monitor_id, slot_at`;
