import { segmentsOf } from './day-segments';

const UNTIL = '2026-01-15T10:00:00.000Z';
const SINCE = '2025-10-17T10:00:00.000Z';

describe('the days of a service', () => {
  it('are the 90 up to today, oldest first', () => {
    const segments = segmentsOf([], SINCE, UNTIL);
    expect(segments).toHaveLength(90);
    expect(segments[0]).toMatchObject({ date: '2025-10-18', isKnown: true, outage_share: 0 });
    expect(segments.at(-1)).toMatchObject({ date: '2026-01-15' });
  });

  it('show a short outage large enough to be seen, and two that fill a day side by side', () => {
    const segments = segmentsOf(
      [
        { date: '2026-01-14', outage_s: 60, degraded_s: 0 },
        { date: '2026-01-15', outage_s: 43_200, degraded_s: 86_400 },
      ],
      SINCE,
      UNTIL,
    );
    expect(segments.at(-2)).toMatchObject({ outage_share: 0.15, degraded_share: 0 });
    expect(segments.at(-1)).toMatchObject({ outage_share: 0.5, degraded_share: 0.5 });
  });

  it('are not known before the history begins', () => {
    const segments = segmentsOf([], '2026-01-14T12:00:00.000Z', UNTIL);
    expect(segments.filter(({ isKnown }) => isKnown).map(({ date }) => date)).toEqual([
      '2026-01-14',
      '2026-01-15',
    ]);
  });

  it('are not known at all of what was never heard of, today included', () => {
    expect(segmentsOf([], UNTIL, UNTIL).filter(({ isKnown }) => isKnown)).toEqual([]);
  });
});
