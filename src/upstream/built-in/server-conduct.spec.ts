import { fateOf, SLOW } from './server-conduct';

describe('fateOf', () => {
  it('answers everything where nothing is said', () => {
    for (const chance of [0, 0.5, 0.999]) expect(fateOf(SLOW, 1_000_000, chance)).toBe('answer');
  });

  it('shares requests out by their rates', () => {
    const conduct = { ...SLOW, failureRate: 0.2, hangRate: 0.1 };
    expect([0, 0.199, 0.2, 0.299, 0.301, 0.99].map((chance) => fateOf(conduct, 0, chance))).toEqual([
      'fail',
      'fail',
      'hang',
      'hang',
      'answer',
      'answer',
    ]);
  });

  it('flaps, beginning well', () => {
    const conduct = { ...SLOW, flappingMs: 1_000 };
    expect([0, 999, 1_000, 1_999, 2_000, 3_000].map((elapsedMs) => fateOf(conduct, elapsedMs, 0.5))).toEqual([
      'answer',
      'answer',
      'fail',
      'fail',
      'answer',
      'fail',
    ]);
  });

  it('is down in its outages, and well between them', () => {
    const outages = [
      { fromMs: 100, untilMs: 200 },
      { fromMs: 300, untilMs: 400 },
    ];
    const fates = [99, 100, 199, 200, 300, 400].map((elapsedMs) =>
      fateOf({ ...SLOW, outages }, elapsedMs, 0.5),
    );
    expect(fates).toEqual(['answer', 'fail', 'fail', 'answer', 'fail', 'answer']);
  });
});
