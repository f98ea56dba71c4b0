import { budgetCourse, courseText } from './budget-course';

const NOW = Date.parse('2031-05-06T10:00:00.000Z');

const day = (
  date: number,
  budget_left_ratio: number | null,
): { at: string; budget_left_ratio: number | null } => ({
  at: `2031-05-0${date}T00:00:00.000Z`,
  budget_left_ratio,
});

describe('the course of a budget', () => {
  it('begins with the first day of which something is known, and ends now', () => {
    const budget_over_time = [day(3, null), day(4, 1), day(5, null), day(6, 0.5)];
    expect(budgetCourse({ budget_over_time, budget_left_ratio: 0.25 }, NOW)).toEqual([
      { at: Date.parse('2031-05-04T00:00:00.000Z'), left: 1 },
      { at: Date.parse('2031-05-05T00:00:00.000Z'), left: null },
      { at: Date.parse('2031-05-06T00:00:00.000Z'), left: 0.5 },
      { at: NOW, left: 0.25 },
    ]);
  });

  it.each([
    [[], null, null],
    [[], 0.875, '87.5 % left now.'],
    [[day(5, 1)], -0.2, '100 % left on 2031-05-05 00:00 UTC, overspent by 20 % now; it was never less.'],
    [[day(5, 1)], 1, '100 % left on 2031-05-05 00:00 UTC, 100 % left now; it was never less.'],
    [
      [day(4, 0.9), day(5, -0.5)],
      0.1,
      '90 % left on 2031-05-04 00:00 UTC, 10 % left now; the least was overspent by 50 % on 2031-05-05 00:00 UTC.',
    ],
  ])('of %j and %s now is said in words', (budget_over_time, budget_left_ratio, words) => {
    expect(courseText(budgetCourse({ budget_over_time, budget_left_ratio }, NOW))).toBe(words);
  });
});
