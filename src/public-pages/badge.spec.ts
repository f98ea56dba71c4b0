import { badgeSvg, statusBadge, uptimeBadge } from './badge';
import type { PublicService, PublicStatus } from './public-status';

function serviceOf(name: string, percent: number | null): PublicService {
  return {
    ...{ id: name, name, state: 'ok', basis: 'observed', evidence_at: 0, measured_since: null, days: [] },
    uptime_percent: { '24h': percent, '7d': percent, '30d': percent, '90d': percent },
  };
}

const STATUS = {
  ...{ title: 'Acme', state: 'outage' },
  services: [serviceOf('A', 100), serviceOf('B', 99.998), serviceOf('C', null)],
} as unknown as PublicStatus;

describe('a badge', () => {
  it('says how something is', () => {
    expect(statusBadge(STATUS, null)).toEqual({ label: 'Acme', value: 'Outage', tone: 'outage' });
    expect(statusBadge(STATUS, STATUS.services[0]!)).toMatchObject({ label: 'A', value: 'Working' });
  });

  it('says an uptime as it is, and of a page the lowest', () => {
    expect(uptimeBadge(STATUS, null, '30d')).toEqual({
      ...{ label: 'Acme, uptime 30d', value: '99.998 %', tone: 'ok' },
    });
    expect(uptimeBadge(STATUS, STATUS.services[2]!, '7d')).toEqual({
      ...{ label: 'C, uptime 7d', value: 'not measured', tone: 'none' },
    });
    const value = (percent: number): string => uptimeBadge(STATUS, serviceOf('D', percent), '90d').tone;
    expect([value(99.9), value(99.899), value(99), value(98.999)]).toEqual([
      ...['ok', 'degraded', 'degraded', 'outage'],
    ]);
  });

  it('is as wide as its words, which are escaped and cut', () => {
    const width = (label: string): number =>
      Number(/ width="(\d+)"/.exec(badgeSvg({ label, value: 'x', tone: 'ok' }))![1]);
    expect(width('WWWW')).toBeGreaterThan(width('iiii') + 20);
    expect(width('支払い')).toBeGreaterThan(width('abc'));
    expect(width('a'.repeat(10_000))).toBe(width(`${'a'.repeat(59)}…`));
    expect(badgeSvg({ label: '<&"', value: '>', tone: 'ok' })).toContain(
      'aria-label="&lt;&amp;&quot;: &gt;"',
    );
  });
});
