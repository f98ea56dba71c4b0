import { clip, isWithin, unite } from './spans';

describe('spans', () => {
  it('that overlap or touch become one, in order', () => {
    const spans = [
      { from_at: 50, until_at: 60 },
      { from_at: 10, until_at: 20 },
      { from_at: 20, until_at: 30 },
      { from_at: 12, until_at: 15 },
      { from_at: 40, until_at: 40 },
    ];
    expect(unite(spans)).toEqual([
      { from_at: 10, until_at: 30 },
      { from_at: 50, until_at: 60 },
    ]);
  });

  it('are cut to what lies within another, and left out where nothing does', () => {
    const within = { from_at: 10, until_at: 20 };
    expect(clip({ from_at: 0, until_at: 15 }, within)).toEqual({ from_at: 10, until_at: 15 });
    expect(unite([clip({ from_at: 30, until_at: 40 }, within)])).toEqual([]);
  });

  it('hold their start and not their end', () => {
    const spans = [{ from_at: 10, until_at: 20 }];
    expect([9, 10, 19, 20].map((at) => isWithin(spans, at))).toEqual([false, true, true, false]);
  });
});
