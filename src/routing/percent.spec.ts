import fc from 'fast-check';
import { fnv1a, placeAmongHundred } from './percent';

describe('where an event falls', () => {
  // Values of the algorithm's authors: http://www.isthe.com/chongo/src/fnv/test_fnv.c
  it.each<[text: string, hash: number]>([
    ['', 0x811c9dc5],
    ['a', 0xe40c292c],
    ['foobar', 0xbf9cf968],
  ])('is found by FNV-1a: %j', (text, hash) => {
    expect(fnv1a(text)).toBe(hash);
  });

  it('never changes', () => {
    const ids = ['evt_1', 'evt_2', 'Zahlung-ü', 'a/b'];
    const places = ids.map((event_id) => placeAmongHundred({ account_id: 'acme', event_id }));
    expect(places).toEqual([25, 68, 29, 38]);
  });

  it('is one of a hundred places', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (account_id, event_id) => {
        const place = placeAmongHundred({ account_id, event_id });
        expect(Number.isInteger(place) && place >= 0 && place < 100).toBe(true);
      }),
    );
  });

  it('is as often any of them, also for ids that follow one another', () => {
    const counts = new Array<number>(100).fill(0);
    for (let n = 0; n < 100_000; n += 1) {
      counts[placeAmongHundred({ account_id: 'acme', event_id: `evt_${n}` })]! += 1;
    }
    // 1,000 each; the standard deviation of chance is 31.
    expect(Math.min(...counts)).toBeGreaterThan(800);
    expect(Math.max(...counts)).toBeLessThan(1_200);
  });

  it('is on every route’s side where there is no id yet', () => {
    expect(placeAmongHundred({ account_id: 'acme', event_id: '' })).toBe(0);
  });
});
