import { HERE, pastDelivery, wish } from '../../test/delivery/past-deliveries';
import type { DeliveryHistory } from '../outbox/outbox.repository';
import type { Fallback, Hold, Wish } from '../routing/wishes';
import { heldTurn, type HeldTurn } from './held-turn';

const NOW = Date.UTC(2031, 4, 5);
const OPEN = { resolved_at: null, is_worse: false };

/** An instant so many seconds from now. */
const inS = (seconds: number): number => NOW + seconds * 1_000;
const mute = (seconds: number): Hold => ({ reason: 'mute', until: inS(seconds) });

/** A trigger whose turn has come. */
function held(hold: DeliveryHistory['hold'], fields: Partial<DeliveryHistory> = {}): DeliveryHistory {
  return pastDelivery({ id: 9, status: 'pending', hold, held_until: NOW, created_at: inS(-600), ...fields });
}

/** Turns in short: `send`, `hold for 60 s (mute)`, `skip (not_wanted)`. */
function inShort(turn: HeldTurn): string {
  if (turn.do === 'send') return 'send';
  if (turn.do === 'skip') return `skip (${turn.reason})`;
  return `hold for ${(turn.hold.until - NOW) / 1_000} s (${turn.hold.reason})`;
}

const TOLD = pastDelivery({ finished_at: inS(-300) });

describe('the turn of a held trigger', () => {
  it.each<[wanted: string, wishes: Wish[], earlier: DeliveryHistory[], turn: string]>([
    ['at once', [wish()], [], 'send'],
    ['nowhere', [], [], 'skip (not_wanted)'],
    ['elsewhere', [wish({ destination: 'other' })], [], 'skip (not_wanted)'],
    ['in shadow', [wish({ shadow: true })], [], 'skip (not_wanted)'],
    ['under a mute', [wish({ hold: mute(60) })], [], 'hold for 60 s (mute)'],
    ['under a mute that is over', [wish({ hold: mute(0) })], [], 'send'],
    [
      'when it has lasted longer',
      [wish({ hold: { reason: 'duration', until: inS(60) } })],
      [],
      'hold for 60 s (duration)',
    ],
    ['when it has lasted longer, and was told', [wish({ hold: mute(60) })], [TOLD], 'send'],
    ['under a mute, and was told', [wish({ hold_when_worse: mute(60) })], [TOLD], 'hold for 60 s (mute)'],
  ])('follows what the rules want by now: %s', (_wanted, wanted, earlier, turn) => {
    const delivery = held('mute');
    expect(inShort(heldTurn(delivery, OPEN, { wanted, fallbacks: [] }, [...earlier, delivery], NOW))).toBe(
      turn,
    );
  });

  it.each<[wanted: string, wishes: Wish[], turn: string]>([
    ['has to last', [wish({ hold: { reason: 'duration', until: inS(60) } })], 'send'],
    ['is muted', [wish({ hold: mute(60), hold_when_worse: mute(60) })], 'hold for 60 s (mute)'],
  ])('waits for mutes only where its event got worse meanwhile: %s', (_wanted, wanted, turn) => {
    const delivery = held('mute');
    const worse = { ...OPEN, is_worse: true };
    expect(inShort(heldTurn(delivery, worse, { wanted, fallbacks: [] }, [delivery], NOW))).toBe(turn);
  });

  it('is over with its event', () => {
    const delivery = held('mute');
    expect(
      heldTurn(delivery, { ...OPEN, resolved_at: NOW }, { wanted: [wish()], fallbacks: [] }, [delivery], NOW),
    ).toEqual({ do: 'skip', reason: 'resolved_before_sent' });
  });

  it('takes the route and the reminders that are in force by now', () => {
    const delivery = held('mute');
    const wanted = [wish({ route_id: 'night', remind_every_s: 900 })];
    expect(heldTurn(delivery, OPEN, { wanted, fallbacks: [] }, [delivery], NOW)).toEqual({
      do: 'send',
      route_id: 'night',
      remind_every_s: 900,
    });
  });
});

describe('the turn of a reminder', () => {
  it.each<[wanted: string, wishes: Wish[], turn: string]>([
    ['reminded of', [wish({ remind_every_s: 300 })], 'send'],
    ['reminded of more rarely by now', [wish({ remind_every_s: 360 })], 'hold for 60 s (reminder)'],
    ['muted', [wish({ remind_every_s: 300, hold_when_worse: mute(30) })], 'hold for 30 s (reminder)'],
    [
      'muted, and then it has to last',
      [wish({ remind_every_s: 300, hold: { reason: 'duration', until: inS(60) } })],
      'send',
    ],
    ['told once', [wish()], 'skip (not_wanted)'],
    ['nowhere any more', [], 'skip (not_wanted)'],
  ])('follows what the rules want by now: %s', (_wanted, wanted, turn) => {
    const delivery = held('reminder');
    expect(inShort(heldTurn(delivery, OPEN, { wanted, fallbacks: [] }, [TOLD, delivery], NOW))).toBe(turn);
  });

  it('is sent where what it repeats is not known to be open any more', () => {
    const delivery = held('reminder');
    const wishes = { wanted: [wish({ remind_every_s: 300 })], fallbacks: [] };
    expect(inShort(heldTurn(delivery, OPEN, wishes, [delivery], NOW))).toBe('send');
  });
});

describe('the turn of a fallback', () => {
  const fallback = (fields: Partial<Fallback> = {}): Fallback => {
    return { destination: 'sms', route_id: 'route-1', of: [HERE], after_s: 300, ...fields };
  };
  const delivery = held('fallback', { destination: 'sms' });
  const waiting = (createdS: number, fields: Partial<DeliveryHistory> = {}): DeliveryHistory =>
    pastDelivery({ status: 'pending', created_at: inS(createdS), ...fields });
  const WANTED = [wish()];
  const MUTED = [wish({ hold: mute(60), hold_when_worse: mute(60) })];
  const TOO_YOUNG = [wish({ hold: { reason: 'duration', until: inS(60) } })];

  it.each<[there: string, earlier: DeliveryHistory[], wanted: Wish[], turn: string]>([
    ['dead', [pastDelivery({ status: 'dead' })], WANTED, 'send'],
    ['late', [waiting(-300)], WANTED, 'send'],
    ['late, and being tried', [waiting(-300, { is_attempted: true })], WANTED, 'send'],
    ['not late yet', [waiting(-240)], WANTED, 'hold for 60 s (fallback)'],
    ['held until lately', [waiting(-600, { held_until: inS(-240) })], WANTED, 'hold for 60 s (fallback)'],
    [
      'held further',
      [waiting(-600, { hold: 'mute', held_until: inS(60) })],
      WANTED,
      'hold for 360 s (fallback)',
    ],
    ['late, and muted since', [waiting(-600)], MUTED, 'hold for 60 s (fallback)'],
    ['dead, and muted since', [pastDelivery({ status: 'dead' })], MUTED, 'hold for 60 s (fallback)'],
    ['dead already, because it had got worse', [pastDelivery({ status: 'dead' })], TOO_YOUNG, 'send'],
    ['delivered', [TOLD], WANTED, 'skip (not_needed)'],
    ['skipped, because it is off', [pastDelivery({ status: 'skipped' })], WANTED, 'skip (not_needed)'],
    ['nothing', [], WANTED, 'skip (not_needed)'],
    [
      'dead as a reminder',
      [TOLD, pastDelivery({ status: 'dead', hold: 'reminder' })],
      WANTED,
      'skip (not_needed)',
    ],
    ['delivered at last', [pastDelivery({ status: 'dead' }), TOLD], WANTED, 'skip (not_needed)'],
    ['dead after it was told', [TOLD, pastDelivery({ status: 'dead' })], WANTED, 'send'],
  ])('is decided by what is there in its stead: %s', (_there, earlier, wanted, turn) => {
    const wishes = { wanted, fallbacks: [fallback()] };
    expect(inShort(heldTurn(delivery, OPEN, wishes, [...earlier, delivery], NOW))).toBe(turn);
  });

  it('needs one of several to fail', () => {
    const wishes = { wanted: WANTED, fallbacks: [fallback({ of: ['mail', HERE] })] };
    const dead = pastDelivery({ status: 'dead' });
    expect(inShort(heldTurn(delivery, OPEN, wishes, [TOLD, delivery], NOW))).toBe('skip (not_needed)');
    expect(inShort(heldTurn(delivery, OPEN, wishes, [dead, delivery], NOW))).toBe('send');
  });

  it('is not wanted where no route has it any more, and needs no reason where one wants it in earnest', () => {
    const none = { wanted: WANTED, fallbacks: [] };
    expect(inShort(heldTurn(delivery, OPEN, none, [TOLD, delivery], NOW))).toBe('skip (not_wanted)');
    const wanted = { wanted: [wish({ destination: 'sms' })], fallbacks: [fallback()] };
    expect(inShort(heldTurn(delivery, OPEN, wanted, [TOLD, delivery], NOW))).toBe('send');
  });
});
