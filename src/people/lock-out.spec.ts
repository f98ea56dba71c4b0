import fc from 'fast-check';
import {
  FORGOTTEN_AFTER_MS,
  networkOf,
  NO_FAILURES,
  OF_PERSON,
  waitOf,
  withFailure,
  withoutFailure,
} from './lock-out';

const NOW = Date.UTC(2026, 10, 20, 12);

function fail(times: number, now = NOW): ReturnType<typeof withFailure> {
  let count = NO_FAILURES;
  for (let index = 0; index < times; index++) count = withFailure(count, OF_PERSON, now);
  return count;
}

describe('failed logins', () => {
  it('lock from the fifth on, each twice as long as the one before, up to fifteen minutes', () => {
    const waits = [1, 4, 5, 6, 7, 12, 13, 500].map((times) => waitOf(fail(times), NOW));
    expect(waits).toEqual([0, 0, 5_000, 10_000, 20_000, 640_000, 900_000, 900_000]);
  });

  it('lock until their time is over', () => {
    expect(waitOf(fail(5), NOW + 4_999)).toBe(1);
    expect(waitOf(fail(5), NOW + 5_000)).toBe(0);
  });

  it('are forgotten after a day', () => {
    const count = fail(40);
    expect(withFailure(count, OF_PERSON, NOW + FORGOTTEN_AFTER_MS).failures).toBe(41);
    expect(withFailure(count, OF_PERSON, NOW + FORGOTTEN_AFTER_MS + 1).failures).toBe(1);
  });

  it('that were none are taken back, and the lock with them', () => {
    const { failures, locked_until } = withoutFailure(fail(5));
    expect([failures, locked_until]).toEqual([4, 0]);
    expect(withoutFailure(NO_FAILURES).failures).toBe(0);
  });

  it('let through a few hundred guesses in a day at most, however they are timed', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3_600_000 }), { maxLength: 400 }), (pauses) => {
        let count = NO_FAILURES;
        let now = NOW;
        let guesses = 0;
        for (const pause of pauses) {
          now += pause;
          if (now >= NOW + FORGOTTEN_AFTER_MS) break;
          if (waitOf(count, now) > 0) continue;
          guesses++;
          count = withFailure(count, OF_PERSON, now);
        }
        expect(guesses).toBeLessThanOrEqual(12 + 96);
      }),
    );
  });
});

describe('the network of an address', () => {
  it.each([
    ['192.0.2.17', '192.0.2.17'],
    ['::ffff:192.0.2.17', '::ffff:192.0.2.17'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:0db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
