import {
  badText,
  budgetWords,
  burnText,
  changeText,
  exhaustionText,
  keptText,
  minutesText,
  partText,
  shareText,
  spentText,
  targetText,
  wholeBudgetMinutes,
  windowText,
} from './slo-words';

describe('what is left of a budget', () => {
  const OF_MONTH = { objective: 0.999, window: '30d' } as const;

  it.each([
    [27.2, 0.6296, '27.2 min left', '62.9 % of 43.2 min'],
    [0, 0, '0 min left', '0 % of 43.2 min'],
    [-0.04, -0.0009, '0.1 min over', 'overspent by 0.1 % of 43.2 min'],
    [-12.41, -0.2873, '12.5 min over', 'overspent by 28.8 % of 43.2 min'],
    [-1_396.8, -32.3333, '1,397 min over', 'overspent by 3,233.4 % of 43.2 min'],
  ])('of %d minutes and the part %d is %s, %s', (budget_left_minutes, budget_left_ratio, minutes, share) => {
    expect(budgetWords({ ...OF_MONTH, budget_left_minutes, budget_left_ratio })).toEqual({ minutes, share });
  });

  it('is not said without data', () => {
    expect(budgetWords({ ...OF_MONTH, budget_left_minutes: null, budget_left_ratio: null })).toBeNull();
  });

  it.each([
    [0.999, '30d', 43.2],
    [0.95, '24h', 72],
    [0.999999, '7d', 0.01008],
  ] as const)('is for %d over %s at first %d minutes', (objective, window, minutes) => {
    expect(wholeBudgetMinutes({ objective, window })).toBeCloseTo(minutes, 9);
  });
});

describe('when a budget is spent', () => {
  const now = Date.parse('2031-05-06T10:00:00.000Z');
  const rates = { '5m': null, '30m': null, '2h': null, '6h': null, '24h': null, '72h': null };
  it.each([
    [null, null, null, ''],
    [0.4, 0, null, 'Nothing is being spent.'],
    [0.4, null, null, 'Nothing is being spent.'],
    [0.4, 0.3, null, 'At this rate it outlasts the window.'],
    [-0.1, 0, '2031-05-06T10:00:00.000Z', 'The budget is spent.'],
    [0.4, 2, '2031-05-08T12:00:00.000Z', 'At this rate it is spent in 2 d 2 h.'],
  ])('with %s of it left, at a rate of %s, and at %s', (budget_left_ratio, hourly, exhausted_at, text) => {
    const burn_rates = { ...rates, '1h': hourly };
    expect(exhaustionText({ budget_left_ratio, burn_rates, exhausted_at }, now)).toBe(text);
  });
});

describe('how many were bad', () => {
  it.each([
    [{ kind: 'availability', good: 5_970, bad: 30, unseen: 0 }, '30 of 6,000 requests failed'],
    [{ kind: 'monitor', good: 50, bad: 3, unseen: 7 }, '3 of 60 minutes were down, 7 unseen'],
    [{ kind: 'vendor', good: 0, bad: 0, unseen: 60 }, 'no minutes counted'],
    [{ kind: 'latency', good: 0, bad: 0, unseen: 0 }, 'no answers counted'],
  ] as const)('%j', (counts, text) => {
    expect(badText(counts)).toBe(text);
  });
});

describe('changes against the window before', () => {
  it.each([
    [null, 'more', 'nothing before'],
    [0.000004, 'more', 'as before'],
    [0.0012, 'more', '0.120 points better'],
    [-0.0012, 'more', '0.120 points worse'],
    [0.2, 'less', '20.000 points worse'],
    [-21.8, 'less', '2,180.000 points better'],
  ] as const)('of %s, where %s is better, are %s', (change, better, text) => {
    expect(changeText(change, better, 3)).toBe(text);
  });
});

it('writes numbers with their units, and cuts what flatters', () => {
  expect([minutesText(99.96), minutesText(27.2), shareText(0.99999)]).toEqual([
    '99.9 min',
    '27.2 min',
    '99.9 %',
  ]);
  expect([spentText(0.9996), spentText(1.0001), spentText(0)]).toEqual(['100 %', '100.1 %', '0 %']);
  expect([targetText(0.999), targetText(0.999999), keptText(0.99999999), keptText(null)]).toEqual([
    '99.9 %',
    '99.9999 %',
    '99.9999 %',
    '–',
  ]);
  expect([burnText(0.4), burnText(14.44), burnText(1_000), burnText(null)]).toEqual([
    '0.4 ×',
    '14.4 ×',
    '1,000 ×',
    '–',
  ]);
  expect([partText(0.0144), partText(0.000003)]).toEqual(['1.44 %', '0.0003 %']);
  expect([windowText('24h'), windowText('30d'), windowText('1h'), windowText('5m')]).toEqual([
    '24 hours',
    '30 days',
    '1 hour',
    '5 minutes',
  ]);
});
