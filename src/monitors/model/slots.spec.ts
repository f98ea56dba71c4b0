import fc from 'fast-check';
import { dueSlot, lagMs, nextSlot, phaseOf, slotAt, slotsBetween, type Cadence } from './slots';

const NOW = Date.UTC(2031, 4, 6, 7, 8, 9, 123);
const SECOND = 1_000;

const CADENCE: Cadence = { monitor_id: 'checkout', interval_s: 60, retry_s: 15 };

const anyCadence: fc.Arbitrary<Cadence> = fc.record({
  monitor_id: fc.uuid(),
  interval_s: fc.integer({ min: 1, max: 86_400 }),
  retry_s: fc.integer({ min: 1, max: 86_400 }),
});
const anyInstant = fc.integer({ min: Date.UTC(2020), max: Date.UTC(2060) });

function intervalMsOf({ interval_s }: Cadence): number {
  return interval_s * SECOND;
}

describe('a slot', () => {
  it('is a whole number of intervals away from every other one', () => {
    fc.assert(
      fc.property(anyCadence, anyInstant, anyInstant, (cadence, one, other) => {
        const distance = slotAt(cadence, one) - slotAt(cadence, other);
        expect(Math.abs(distance % intervalMsOf(cadence))).toBe(0);
      }),
    );
  });

  it('is the newest one at its instant', () => {
    fc.assert(
      fc.property(anyCadence, anyInstant, (cadence, at) => {
        const slot = slotAt(cadence, at);
        expect(slot).toBeLessThanOrEqual(at);
        expect(slot).toBeGreaterThan(at - intervalMsOf(cadence));
        expect(slotAt(cadence, slot)).toBe(slot);
      }),
    );
  });

  it('has the phase of its monitor, whoever asks', () => {
    expect(phaseOf('checkout', 60 * SECOND)).toBe(50559);
    expect(slotAt(CADENCE, NOW) % (60 * SECOND)).toBe(50559);
  });

  it('is spread over the interval by the id of the monitor', () => {
    const tenths = new Array<number>(10).fill(0);
    for (let index = 0; index < 5_000; index += 1) {
      const tenth = Math.floor(phaseOf(`monitor-${index}`, 60 * SECOND) / (6 * SECOND));
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    for (const count of tenths) expect(count).toBeGreaterThan(400);
    for (const count of tenths) expect(count).toBeLessThan(600);
  });
});

describe('the next slot', () => {
  const slot = slotAt(CADENCE, NOW);

  it('is an interval after the last, however long the check took', () => {
    for (const tookMs of [0, 1, 59_999, 60_000]) {
      expect(nextSlot(CADENCE, { slot_at: slot, is_confirming: false }, slot + tookMs)).toBe(slot + 60_000);
    }
  });

  it('is after the last one where the check ended before its slot', () => {
    expect(nextSlot(CADENCE, { slot_at: slot, is_confirming: false }, slot - 5)).toBe(slot + 60_000);
  });

  it('is a regular one of the time to come where there was no check yet', () => {
    expect(nextSlot(CADENCE, { slot_at: null, is_confirming: true }, slot + 1)).toBe(slot + 60_000);
    expect(nextSlot(CADENCE, { slot_at: null, is_confirming: false }, slot)).toBe(slot);
  });

  it('comes after the retry time while a result has yet to be confirmed', () => {
    const confirming = { slot_at: slot, is_confirming: true };
    expect(nextSlot(CADENCE, confirming, slot + 200)).toBe(slot + 15_000);
    // A check that hung for longer leaves out the slots that it covered.
    expect(nextSlot(CADENCE, confirming, slot + 15_001)).toBe(slot + 30_000);
  });

  it('goes back to the regular ones from any that confirmed', () => {
    const confirmed = { slot_at: slot + 30_000, is_confirming: false };
    expect(nextSlot(CADENCE, confirmed, slot + 30_200)).toBe(slot + 60_000);
  });

  it('is never later for having to be confirmed', () => {
    const patient = { ...CADENCE, retry_s: 3_600 };
    expect(nextSlot(patient, { slot_at: slot, is_confirming: true }, slot + 200)).toBe(slot + 60_000);
  });

  it('does not wait for a clock that was set back to catch up', () => {
    const ahead = { slot_at: slot + 3_600_000, is_confirming: false };
    expect(nextSlot(CADENCE, ahead, slot + 1)).toBe(slot + 60_000);
  });

  it('leaves out what was missed', () => {
    const missed = { slot_at: slot, is_confirming: false };
    expect(nextSlot(CADENCE, missed, slot + 3_600_001)).toBe(slot + 3_660_000);
  });

  it('is not over, is not the last one, and is at most an interval away', () => {
    const anyPause = fc.integer({ min: -SECOND, max: 10 * 86_400_000 });
    fc.assert(
      fc.property(anyCadence, anyInstant, anyPause, fc.boolean(), (cadence, at, pauseMs, is_confirming) => {
        const slot_at = slotAt(cadence, at);
        const now = slot_at + pauseMs;
        const next = nextSlot(cadence, { slot_at, is_confirming }, now);
        expect(next).toBeGreaterThanOrEqual(now);
        expect(next).toBeGreaterThan(slot_at);
        expect(next - Math.max(now, slot_at)).toBeLessThanOrEqual(intervalMsOf(cadence));
        if (!is_confirming) expect(slotAt(cadence, next)).toBe(next);
      }),
    );
  });
});

describe('the due slot', () => {
  const slot = slotAt(CADENCE, NOW);

  it('is the planned one from its instant on, and none before', () => {
    expect(dueSlot(CADENCE, slot + 15_000, slot + 14_999)).toBeNull();
    expect(dueSlot(CADENCE, slot + 15_000, slot + 15_000)).toBe(slot + 15_000);
    expect(dueSlot(CADENCE, slot + 15_000, slot + 59_999)).toBe(slot + 15_000);
  });

  it('is the newest one where several were missed', () => {
    expect(dueSlot(CADENCE, slot, slot + 3_600_500)).toBe(slot + 3_600_000);
  });
});

describe('the number of slots', () => {
  it('counts each in the span that it begins in, and adds up', () => {
    const slot = slotAt(CADENCE, NOW);
    expect(slotsBetween(CADENCE, slot, slot + 1)).toBe(1);
    expect(slotsBetween(CADENCE, slot + 1, slot + 60_000)).toBe(0);
    expect(slotsBetween(CADENCE, slot, slot)).toBe(0);
    expect(slotsBetween(CADENCE, slot, slot - 60_000)).toBe(0);
    expect(slotsBetween(CADENCE, NOW, NOW + 86_400_000)).toBe(1_440);
    fc.assert(
      fc.property(anyCadence, anyInstant, anyInstant, anyInstant, (cadence, ...instants) => {
        const [from, middle, until] = instants.sort((one, other) => one - other);
        const parts = slotsBetween(cadence, from, middle) + slotsBetween(cadence, middle, until);
        expect(slotsBetween(cadence, from, until)).toBe(parts);
      }),
    );
  });
});

describe('lag', () => {
  it('is how much too late a check began', () => {
    expect(lagMs(NOW, NOW + 120)).toBe(120);
    expect(lagMs(NOW, NOW - 1)).toBe(0);
  });
});
