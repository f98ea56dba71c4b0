import { HERE, pastDelivery, wish } from '../../test/delivery/past-deliveries';
import { decide } from './decide';
import type { Decision } from './decision';
import type { EarlierDelivery } from './earlier-delivery';
import type { Fallback, Hold, Wish, Wishes } from './wishes';

const NOW = Date.UTC(2031, 4, 5);
const RESOLVED_AT = NOW;

/** An instant so many seconds from now. */
const inS = (seconds: number): number => NOW + seconds * 1_000;
const mute = (seconds: number): Hold => ({ reason: 'mute', until: inS(seconds) });
const duration = (seconds: number): Hold => ({ reason: 'duration', until: inS(seconds) });

/** A muted wish; whatever it has to say, it waits. */
const muted = (seconds: number): Wish => wish({ hold: mute(seconds), hold_when_worse: mute(seconds) });

/** Rows in order, with ids from 1 on. */
function history(...rows: readonly Partial<EarlierDelivery>[]): EarlierDelivery[] {
  return rows.map((fields, index) => pastDelivery({ ...fields, id: index + 1 }));
}

const held = (hold: Hold, fields: Partial<EarlierDelivery> = {}): Partial<EarlierDelivery> => {
  return { status: 'pending', hold: hold.reason, held_until: hold.until, ...fields };
};

const DELIVERED = {};
const REMINDER = held({ reason: 'reminder', until: inS(900) }, { remind_every_s: 900 });

/** What is decided where the event is as severe as its rows were by default. */
function decided(wishes: Partial<Wishes>, earlier: readonly EarlierDelivery[]): readonly Decision[] {
  const state = { severity: 'warning', resolved_at: null } as const;
  return decide(state, { wanted: [], fallbacks: [], ...wishes }, earlier, NOW);
}

/** The same where it is worse than they were. */
function decidedWhenWorse(wishes: Partial<Wishes>, earlier: readonly EarlierDelivery[]): readonly Decision[] {
  const state = { severity: 'critical', resolved_at: null } as const;
  return decide(state, { wanted: [], fallbacks: [], ...wishes }, earlier, NOW);
}

/** Decisions in short: `trigger`, `trigger in 60 s (mute)`, `hasten 1 to now`, `resolve`, `skip 1`. */
function inShort(decisions: readonly Decision[]): string {
  const when = (hold: Hold | null, atOnce: string): string =>
    hold === null ? atOnce : ` in ${(hold.until - NOW) / 1_000} s (${hold.reason})`;
  const words = decisions.map((decision) => {
    const place =
      'destination' in decision && decision.destination !== HERE ? ` ${decision.destination}` : '';
    if (decision.do === 'send') return `${decision.action}${place}${when(decision.hold, '')}`;
    if (decision.do === 'hasten')
      return `hasten ${decision.delivery_id}${place}${when(decision.hold, ' to now')}`;
    if (decision.do === 'skip') return `skip ${decision.delivery_id}`;
    return `${decision.action}${place} skipped (${decision.reason})`;
  });
  return words.join(', ') || 'nothing';
}

describe('decide, where something is held', () => {
  it.each<[what: string, wanted: Wish, rows: Partial<EarlierDelivery>[], same: string, worse: string]>([
    ['nothing is there', muted(60), [], 'trigger in 60 s (mute)', 'trigger in 60 s (mute)'],
    [
      'it has to last',
      wish({ hold: duration(60) }),
      [],
      'trigger in 60 s (duration)',
      'trigger in 60 s (duration)',
    ],
    ['a hold is over', muted(0), [], 'trigger', 'trigger'],
    ['it is held as before', muted(60), [held(mute(60))], 'nothing', 'nothing'],
    ['it is held, and wanted now', wish(), [held(mute(60))], 'hasten 1 to now', 'hasten 1 to now'],
    [
      'it is held, and wanted sooner',
      muted(30),
      [held(mute(60))],
      'hasten 1 in 30 s (mute)',
      'hasten 1 in 30 s (mute)',
    ],
    ['it is held, and wanted later', muted(90), [held(mute(60))], 'nothing', 'nothing'],
    [
      'it has to last, and gets worse',
      wish({ hold: duration(60) }),
      [held(duration(60))],
      'nothing',
      'hasten 1 to now',
    ],
    [
      'it has to last, and gets worse under a mute that ends sooner',
      wish({ hold: duration(60), hold_when_worse: mute(30) }),
      [held(duration(60))],
      'nothing',
      'hasten 1 in 30 s (mute)',
    ],
    ['it was told, and there is a mute now', muted(60), [DELIVERED], 'nothing', 'trigger in 60 s (mute)'],
    ['it was told, and has to last', wish({ hold: duration(60) }), [DELIVERED], 'nothing', 'trigger'],
    ['it is to be reminded of', wish(), [DELIVERED, REMINDER], 'nothing', 'hasten 2 to now'],
    [
      'it is to be reminded of, under a longer mute',
      muted(3_600),
      [DELIVERED, REMINDER],
      'nothing',
      'hasten 2 in 3600 s (mute)',
    ],
    [
      'that it got worse is held already',
      muted(60),
      [DELIVERED, held(mute(60), { severity: 'critical' })],
      'nothing',
      'nothing',
    ],
    [
      'a fallback is held, and it is wanted for its own sake',
      wish(),
      [held({ reason: 'fallback', until: inS(60) })],
      'hasten 1 to now',
      'hasten 1 to now',
    ],
    [
      'it is open again behind a resolve',
      muted(60),
      [DELIVERED, { action: 'resolve', status: 'pending' }],
      'trigger in 60 s (mute)',
      'trigger in 60 s (mute)',
    ],
    [
      'a held one was being sent',
      muted(60),
      [held(mute(-60), { is_attempted: true })],
      'nothing',
      'trigger in 60 s (mute)',
    ],
  ])('knows what to do where %s', (_what, wanted, rows, same, worse) => {
    const earlier = history(...rows);
    expect({
      same: inShort(decided({ wanted: [wanted] }, earlier)),
      worse: inShort(decidedWhenWorse({ wanted: [wanted] }, earlier)),
    }).toEqual({ same, worse });
  });

  it('leaves alone what is held and not wanted any more: its turn will come', () => {
    expect(decided({}, history(held(mute(60))))).toEqual([]);
  });

  it.each<[what: string, rows: Partial<EarlierDelivery>[], decision: string]>([
    ['a held trigger', [held(mute(60))], 'skip 1, resolve skipped (resolved_before_sent)'],
    ['a reminder', [DELIVERED, REMINDER], 'skip 2, resolve'],
    [
      'a fallback',
      [held({ reason: 'fallback', until: inS(60) })],
      'skip 1, resolve skipped (resolved_before_sent)',
    ],
    ['a trigger that was held', [held(mute(-60), { is_attempted: true })], 'resolve'],
  ])('resolves at once, whatever is held, where there is %s', (_what, rows, decision) => {
    const over = { severity: 'warning', resolved_at: RESOLVED_AT } as const;
    expect(inShort(decide(over, { wanted: [], fallbacks: [] }, history(...rows), NOW))).toBe(decision);
  });

  it('notes the route and its reminders with what it sends, and with what it hastens', () => {
    const wanted = [wish({ route_id: 'night', remind_every_s: 900 })];
    const plan = { hold: null, route_id: 'night', remind_every_s: 900 };
    expect(decided({ wanted }, [])).toMatchObject([plan]);
    expect(decided({ wanted }, history(held(mute(60))))).toMatchObject([plan]);
  });
});

describe('decide with a fallback', () => {
  const fallback = (fields: Partial<Fallback> = {}): Fallback => {
    return { destination: 'sms', route_id: 'route-1', of: [HERE], after_s: 300, ...fields };
  };

  const at = (destination: string, rows: readonly Partial<EarlierDelivery>[]): EarlierDelivery[] =>
    history(...rows).map((row) => ({ ...row, destination }));

  it.each<[what: string, wishes: Wishes, earlier: EarlierDelivery[], decision: string]>([
    [
      'plans it with the trigger',
      { wanted: [wish()], fallbacks: [fallback()] },
      [],
      'trigger, trigger sms in 300 s (fallback)',
    ],
    [
      'plans it from when the trigger is sent',
      { wanted: [muted(60)], fallbacks: [fallback()] },
      [],
      'trigger in 60 s (mute), trigger sms in 360 s (fallback)',
    ],
    [
      'plans the soonest of several',
      { wanted: [wish()], fallbacks: [fallback(), fallback({ after_s: 30 }), fallback({ of: ['other'] })] },
      [],
      'trigger, trigger sms in 30 s (fallback)',
    ],
    ['plans none without a trigger', { wanted: [wish()], fallbacks: [fallback()] }, history({}), 'nothing'],
    [
      'plans none for another destination',
      { wanted: [wish()], fallbacks: [fallback({ of: ['other'] })] },
      [],
      'trigger',
    ],
    [
      'plans none where the event is wanted there',
      { wanted: [wish(), wish({ destination: 'sms' })], fallbacks: [fallback()] },
      [],
      'trigger, trigger sms',
    ],
    [
      'plans none where the event is open there',
      { wanted: [wish()], fallbacks: [fallback()] },
      at('sms', [{}]),
      'trigger',
    ],
    [
      'hastens the one that is planned, together with its trigger',
      { wanted: [wish()], fallbacks: [fallback()] },
      [
        ...history(held(mute(600))),
        pastDelivery({ ...held({ reason: 'fallback', until: inS(900) }), id: 2, destination: 'sms' }),
      ],
      'hasten 1 to now, hasten 2 sms in 300 s (fallback)',
    ],
  ])('%s', (_what, wishes, earlier, decision) => {
    expect(inShort(decided(wishes, earlier))).toBe(decision);
  });
});

describe('decide for a route that is tried out', () => {
  const wanted = [wish({ shadow: true, hold: mute(60), route_id: 'draft' })];
  const shadow = (fields: Partial<EarlierDelivery> = {}): Partial<EarlierDelivery> => {
    return { status: 'skipped', reason: 'shadow', ...fields };
  };

  it.each<[what: string, rows: Partial<EarlierDelivery>[], same: string, worse: string, resolved: string]>([
    ['nothing', [], 'trigger skipped (shadow)', 'trigger skipped (shadow)', 'nothing'],
    ['what would be open', [shadow()], 'nothing', 'trigger skipped (shadow)', 'resolve skipped (shadow)'],
    [
      'what would be closed',
      [shadow(), shadow({ action: 'resolve' })],
      'trigger skipped (shadow)',
      'trigger skipped (shadow)',
      'nothing',
    ],
    ['what is really open', [DELIVERED], 'nothing', 'trigger', 'resolve'],
  ])('only writes down what would be sent, where there is %s', (_what, rows, same, worse, resolved) => {
    const earlier = history(...rows);
    const over = { severity: 'warning', resolved_at: RESOLVED_AT } as const;
    expect({
      same: inShort(decided({ wanted }, earlier)),
      worse: inShort(decidedWhenWorse({ wanted }, earlier)),
      resolved: inShort(decide(over, { wanted: [], fallbacks: [] }, earlier, NOW)),
    }).toEqual({ same, worse, resolved });
  });

  it('sends what is wanted there in earnest, whatever was written down before', () => {
    expect(inShort(decided({ wanted: [wish()] }, history(shadow())))).toBe('trigger');
  });
});
