import { UuidV7Sequence } from './uuid-v7';

/** RFC 9562, section 5.7: 48 bits of time, version 7, variant 10. */
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The moment of the RFC's own example (appendix A.6). */
const T0 = 0x017f22e279b0;

describe('UuidV7Sequence', () => {
  it('makes what RFC 9562 asks for', () => {
    const sequence = new UuidV7Sequence();
    const id = sequence.next(T0);
    expect(id).toMatch(UUID_V7);
    expect(id.slice(0, 15)).toBe('017f22e2-79b0-7');
  });

  it('makes each greater than the one before, however many a millisecond has', () => {
    const sequence = new UuidV7Sequence();
    const ids = Array.from({ length: 10_000 }, (_, index) => sequence.next(T0 + Math.floor(index / 5_000)));
    expect(ids.filter((id) => !UUID_V7.test(id))).toEqual([]);
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('goes on from where it was when the clock is set back', () => {
    const sequence = new UuidV7Sequence();
    const ids = [T0, T0 - 60_000, T0 - 1, T0, T0 + 1].map((now) => sequence.next(now));
    expect(ids.toSorted()).toEqual(ids);
    expect(ids[4]!.slice(0, 13)).toBe('017f22e2-79b1');
  });

  it('shares no id with another process at the same moment', () => {
    const [one, other] = [new UuidV7Sequence(), new UuidV7Sequence()];
    expect(one.next(T0)).not.toBe(other.next(T0));
  });
});
