import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../events/summary/time-buckets';
import { countOf } from './latency-sketch';
import { addChecks, rollupKeys, type CountedCheck } from './rollups';
import { NO_CHECKS } from './uptime';

const START = Date.UTC(2031, 4, 6, 10);

function check(
  resultClass: CountedCheck['result']['class'],
  afterMs = 0,
  changes: Partial<CountedCheck> = {},
): CountedCheck {
  const result = { class: resultClass, started_at: START + afterMs, duration_ms: 12.3 };
  return { monitor_id: 'one', result, isInMaintenance: false, ...changes };
}

describe('roll-ups', () => {
  it('count a check in its minute, hour and day', () => {
    const rollups = addChecks([], [check('up'), check('down', MINUTE_MS)]);
    expect(rollups.map(({ span_ms, bucket_at, counts }) => [span_ms, bucket_at - START, counts])).toEqual([
      [MINUTE_MS, 0, { ...NO_CHECKS, up: 1 }],
      [HOUR_MS, 0, { ...NO_CHECKS, up: 1, down: 1 }],
      [DAY_MS, -10 * HOUR_MS, { ...NO_CHECKS, up: 1, down: 1 }],
      [MINUTE_MS, MINUTE_MS, { ...NO_CHECKS, down: 1 }],
    ]);
    expect(rollupKeys([check('up'), check('up'), check('down', MINUTE_MS)])).toHaveLength(4);
  });

  it('add to what is known', () => {
    const known = addChecks([], [check('up')]);
    const [minute] = addChecks(known, [check('degraded'), check('unknown')]);
    expect(minute!.counts).toEqual({ ...NO_CHECKS, up: 1, degraded: 1, unknown: 1 });
  });

  it('remember how long those took that were answered, and no others', () => {
    const unmeasured = check('up', 0, { result: { class: 'up', started_at: START, duration_ms: 0 } });
    const inMaintenance = check('up', 0, { isInMaintenance: true });
    const [minute] = addChecks(
      [],
      [check('up'), check('degraded'), check('down'), unmeasured, inMaintenance],
    );
    expect(countOf(minute!.sketch)).toBe(2);
    expect(minute!.counts).toEqual({ ...NO_CHECKS, up: 2, degraded: 1, down: 1, maintenance: 1 });
  });
});
