import { dayStrip } from './day-strip';
import type { PublicService } from './public-status';

const DAY_MS = 86_400_000;
const NOW = Date.parse('2031-04-01T12:00:00Z');
const LONG_AGO = NOW - 90 * DAY_MS;

const SERVICE: PublicService = {
  ...{ id: 'a', name: 'A', state: 'ok', basis: 'observed', evidence_at: NOW },
  uptime_percent: { '24h': null, '7d': null, '30d': null, '90d': null },
  ...{ measured_since: null, days: [] },
};

const wordsOf = (changes: Partial<PublicService>, historySince = LONG_AGO): string =>
  dayStrip({ ...SERVICE, ...changes }, NOW, historySince).words;

describe('the days of a service', () => {
  it('are told in words as in colours', () => {
    const days = [
      { date: '2031-03-30', outage_s: 60, degraded_s: 60 },
      { date: '2031-04-01', outage_s: 0, degraded_s: 3_600 },
    ];
    const { svg, words } = dayStrip({ ...SERVICE, days }, NOW, LONG_AGO);
    expect(words).toBe('Outage on 1 day, degraded on 1 day in 90 days');
    expect(svg).toContain('aria-label="Outage on 1 day, degraded on 1 day in 90 days"');
    expect(svg).toContain('2031-03-30: outage 1 min, degraded 1 min');
    expect(svg).toContain('2031-04-01: degraded 1 h');
    // The last of 90 places is today.
    expect(svg).toContain('class="day-degraded" x="356"');
    expect(wordsOf({})).toBe('No trouble known in 90 days');
  });

  it('are not known before anybody looked, nor where history was removed', () => {
    expect(wordsOf({ evidence_at: null })).toBe('Nothing is known of the last 90 days');
    expect(wordsOf({ measured_since: NOW - 2 * DAY_MS })).toBe(
      'No trouble known in the last 3 days; before that nothing is known',
    );
    expect(wordsOf({}, NOW - 30 * DAY_MS)).toBe(
      'No trouble known in the last 31 days; before that nothing is known',
    );
    const { svg } = dayStrip({ ...SERVICE, measured_since: NOW }, NOW, LONG_AGO);
    expect(svg).toContain('x="0" width="356" height="32" fill="url(#p-none)"');
    expect(svg).toContain('x="356" width="4" height="32" fill="url(#p-ok)"');
  });

  it('say nothing of what lasted less than half a second', () => {
    expect(wordsOf({ days: [{ date: '2031-04-01', outage_s: 0, degraded_s: 0 }] })).toBe(
      'No trouble known in 90 days',
    );
  });

  it('are left out where they lie before those that are shown', () => {
    expect(wordsOf({ days: [{ date: '2030-12-30', outage_s: 60, degraded_s: 0 }] })).toBe(
      'No trouble known in 90 days',
    );
  });
});
