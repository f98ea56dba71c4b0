import fc from 'fast-check';
import { DAY_MS, troubledDays } from './day-history';

const at = (text: string): number => Date.parse(`2026-01-${text}Z`);
const FROM = at('10T00:00:00');
const UNTIL = at('15T12:00:00');

const span = (severity: 'critical' | 'warning' | 'info', from: string, until: string | null) => ({
  severity,
  started_at: at(from),
  resolved_at: until === null ? null : at(until),
});

describe('the days with trouble', () => {
  it('share an outage that goes over midnight', () => {
    expect(troubledDays([span('critical', '12T23:00:00', '13T00:30:00')], FROM, UNTIL)).toEqual([
      { date: '2026-01-12', outage_s: 3_600, degraded_s: 0 },
      { date: '2026-01-13', outage_s: 1_800, degraded_s: 0 },
    ]);
  });

  it('count what overlaps once, and an outage before a degradation', () => {
    const troubles = [
      span('critical', '12T10:00:00', '12T11:00:00'),
      span('critical', '12T10:30:00', '12T11:30:00'),
      span('warning', '12T11:00:00', '12T12:00:00'),
    ];
    expect(troubledDays(troubles, FROM, UNTIL)).toEqual([
      { date: '2026-01-12', outage_s: 5_400, degraded_s: 1_800 },
    ]);
  });

  it('end now for what lasts, and begin with the history for what began before', () => {
    const troubles = [span('warning', '15T11:00:00', null), span('critical', '09T00:00:00', '10T01:00:00')];
    expect(troubledDays(troubles, FROM, UNTIL)).toEqual([
      { date: '2026-01-10', outage_s: 3_600, degraded_s: 0 },
      { date: '2026-01-15', outage_s: 0, degraded_s: 3_600 },
    ]);
  });

  it('are none where there is only news', () => {
    expect(troubledDays([span('info', '12T10:00:00', null)], FROM, UNTIL)).toEqual([]);
  });

  it('never hold more than a day, and agree with counting minute by minute', () => {
    const MINUTE_MS = 60_000;
    const minutes = (UNTIL - FROM) / MINUTE_MS;
    const trouble = fc.record({
      severity: fc.constantFrom('critical' as const, 'warning' as const, 'info' as const),
      start: fc.integer({ min: -100, max: minutes }),
      length: fc.integer({ min: 0, max: 2_000 }),
    });
    fc.assert(
      fc.property(fc.array(trouble, { maxLength: 6 }), (drawn) => {
        const troubles = drawn.map(({ severity, start, length }) => ({
          severity,
          started_at: FROM + start * MINUTE_MS,
          resolved_at: FROM + (start + length) * MINUTE_MS,
        }));
        const counted = { critical: 0, warning: 0 };
        for (let time = FROM; time < UNTIL; time += MINUTE_MS) {
          const now = troubles.filter((one) => one.started_at <= time && one.resolved_at > time);
          if (now.some(({ severity }) => severity === 'critical')) counted.critical += 60;
          else if (now.some(({ severity }) => severity === 'warning')) counted.warning += 60;
        }
        const days = troubledDays(troubles, FROM, UNTIL);
        const sum = (of: 'outage_s' | 'degraded_s'): number =>
          days.reduce((total, day) => total + day[of], 0);
        expect({ critical: sum('outage_s'), warning: sum('degraded_s') }).toEqual(counted);
        for (const day of days) expect(day.outage_s + day.degraded_s).toBeLessThanOrEqual(DAY_MS / 1_000);
      }),
      { numRuns: 50 },
    );
  });
});
