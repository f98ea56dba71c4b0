import { conditionsText, inWords, windowText } from './route-words';
import { PLAIN_ROUTE, rulesOf, type RouteFields } from './rule';

const NOW = Date.UTC(2026, 0, 15, 10);
const route = (fields: Partial<RouteFields>): RouteFields => ({ ...PLAIN_ROUTE, ...fields });

describe('a route in words', () => {
  it('says what it is for, whom it tells, and what comes then', () => {
    expect(inWords(route({ to: ['pagerduty', 'on-call'] }), NOW)).toEqual({
      when: 'always, whatever it is',
      tells: 'pagerduty and on-call',
      also: [],
      then: 'ends the walk',
    });
    expect(inWords(route({ continue: true }), NOW)).toMatchObject({
      tells: 'nobody',
      then: 'asks the rules behind it too',
    });
  });

  it('says whatever is not as usual', () => {
    const mute_until = '2026-01-15T12:00:00.000Z';
    const unusual = route({
      min_duration_s: 120,
      remind_every_s: 3_600,
      fallback: 'mail',
      percent: 25,
      shadow: true,
      mute_until,
    });
    expect(inWords(unusual, NOW)).toMatchObject({
      also: [
        'waits 2 min; what is over sooner is told to nobody',
        'tells it again every 1 h while it is open',
        'tells mail where it is refused, or not taken within 5 min',
        'is for 25 % of events, chosen by a hash of their ids',
        'is in shadow: it only notes what it would send',
        `is muted until ${mute_until}: until then it opens nothing`,
      ],
      then: 'asks the rules behind it too',
    });
    expect(inWords(route({ mute_until }), NOW + 7_200_000).also).toEqual([]);
  });

  it('names conditions of which any value will do, and all have to hold', () => {
    expect(
      conditionsText({ service: ['payments*', 'shop', 'till'], severity: ['warning', 'critical'] }),
    ).toBe('service is payments*, shop or till and severity is warning or critical');
    expect(windowText({ days: ['fri', 'sat'], from: '22:00', to: '06:00', timezone: 'Europe/Berlin' })).toBe(
      'Friday or Saturday from 22:00 to 06:00 of the next day in Europe/Berlin',
    );
    expect(windowText({ timezone: 'UTC', days: ['mon'] })).toBe('Monday in UTC');
  });

  it('understands what people may write for short', () => {
    const match = { service: 'shop', severity: { from: 'warning' } } as never;
    expect(rulesOf([{ name: 'Short', match, to: [] }])[0]!.route.match).toEqual({
      service: ['shop'],
      severity: ['warning', 'critical'],
    });
  });
});
