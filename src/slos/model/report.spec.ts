import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../events/summary/time-buckets';
import { NO_COUNTS, type Counts } from './counts';
import { DEFAULT_OBJECTIVES } from './default-objectives';
import type { Incident } from './incident';
import { reportOf, reportSpan, spanBefore, type ReportRow } from './report';

/** 99.9 %. */
const [OBJECTIVE] = DEFAULT_OBJECTIVES as [(typeof DEFAULT_OBJECTIVES)[number]];
const UNTIL = Date.UTC(2031, 4, 8);
const FROM = UNTIL - 7 * DAY_MS;

function bad(count: number): Counts {
  return { good: 100_000 - count, bad: count, unseen: 0 };
}

function rowOf(counts: Counts, before: Counts): ReportRow {
  const objectives = [{ objective: OBJECTIVE, counts, before }];
  return reportOf({ window: '7d', until_at: UNTIL, objectives, incidents: [] }).objectives[0]!;
}

/** Began, was paged and resolved so long after the window's begin. */
function incident(began: number, paged: number | null, resolved: number | null): Incident {
  const after = (ms: number | null): number | null => (ms === null ? null : FROM + ms);
  return {
    account_id: 'default',
    id: `${began}`,
    title: 'Outage',
    fault: 'own',
    cause: null,
    started_at: FROM + began,
    paged_at: after(paged),
    resolved_at: after(resolved),
  };
}

describe('a report on an objective', () => {
  it('says what was promised, what was kept, and how it was before', () => {
    // 80 of the 100 that are allowed of 100,000; 20 before.
    const row = rowOf(bad(80), bad(20));
    expect(row).toMatchObject({ id: OBJECTIVE.id, target: 0.999, actual: 0.9992, result: 'met' });
    expect(row.budget_consumed).toBe(0.8);
    expect(row.actual_change).toBeCloseTo(-0.0006, 12);
    expect(row.budget_change).toBeCloseTo(0.6, 12);
  });

  it.each([
    [bad(100), 'met', 1],
    [bad(101), 'missed', 1.01],
    [bad(500), 'missed', 5],
    [NO_COUNTS, 'no_data', null],
  ])('with %j: %s', (counts, result, budget_consumed) => {
    expect(rowOf(counts, NO_COUNTS)).toMatchObject({ result, budget_consumed });
  });

  it('has no change where either window has no data', () => {
    expect(rowOf(bad(1), NO_COUNTS)).toMatchObject({ actual_change: null, budget_change: null });
    expect(rowOf(NO_COUNTS, bad(1))).toMatchObject({
      actual: null,
      actual_change: null,
      budget_change: null,
    });
  });
});

describe('a report', () => {
  const report = (...incidents: Incident[]) =>
    reportOf({
      window: '7d',
      until_at: UNTIL,
      objectives: [bad(0), bad(101), bad(100), NO_COUNTS].map((counts) => ({
        objective: OBJECTIVE,
        counts,
        before: NO_COUNTS,
      })),
      incidents,
    });

  it('counts what was met', () => {
    expect(report()).toMatchObject({
      from_at: FROM,
      until_at: UNTIL,
      totals: { met: 2, missed: 1, no_data: 1 },
    });
  });

  it('knows how long it took to restore and to page', () => {
    const { time_to_restore, time_to_page } = report(
      // Restored in 10, 20 and 60 minutes: 30 on average. Paged after 1 and 2: 1.5.
      incident(0, MINUTE_MS, 10 * MINUTE_MS),
      incident(DAY_MS, DAY_MS + 2 * MINUTE_MS, DAY_MS + 20 * MINUTE_MS),
      incident(2 * DAY_MS, null, 2 * DAY_MS + HOUR_MS),
    );
    expect(time_to_restore).toEqual({ count: 3, mean_ms: 30 * MINUTE_MS, longest_ms: HOUR_MS });
    expect(time_to_page).toEqual({ count: 2, mean_ms: 90_000, longest_ms: 2 * MINUTE_MS });
  });

  it('counts each restoration and each page in one report alone', () => {
    const beganBefore = incident(-HOUR_MS, -30 * MINUTE_MS, HOUR_MS);
    const lasts = incident(7 * DAY_MS - HOUR_MS, 7 * DAY_MS - 50 * MINUTE_MS, 7 * DAY_MS + HOUR_MS);
    const { time_to_restore, time_to_page, incidents } = report(lasts, beganBefore);
    expect(incidents).toEqual([beganBefore, lasts]);
    expect(time_to_restore).toEqual({ count: 1, mean_ms: 2 * HOUR_MS, longest_ms: 2 * HOUR_MS });
    expect(time_to_page).toEqual({ count: 1, mean_ms: 10 * MINUTE_MS, longest_ms: 10 * MINUTE_MS });
  });

  it('leaves out what was over before and what came after, and knows no time of nothing', () => {
    const over = incident(-HOUR_MS, null, 0);
    const later = incident(7 * DAY_MS, null, null);
    expect(report(over, later)).toMatchObject({ incidents: [], time_to_restore: null, time_to_page: null });
  });

  it('is on whole minutes, and on as many before', () => {
    const span = reportSpan('30d', UNTIL + 59_999);
    expect(span).toEqual({ from_at: UNTIL - 30 * DAY_MS, until_at: UNTIL });
    expect(spanBefore(span)).toEqual({ from_at: UNTIL - 60 * DAY_MS, until_at: UNTIL - 30 * DAY_MS });
  });
});
