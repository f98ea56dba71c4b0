import type { SloDetail } from '../../api/types';
import { shareText } from './slo-words';

/** What was left of a budget at instants, in milliseconds since 1970 UTC: 1 is all of it; null where nothing is known. */
export type BudgetCourse = readonly { readonly at: number; readonly left: number | null }[];

/** From the first instant of which something is known to now. */
export function budgetCourse(
  { budget_over_time, budget_left_ratio }: Pick<SloDetail, 'budget_over_time' | 'budget_left_ratio'>,
  now: number,
): BudgetCourse {
  const past = budget_over_time.map(({ at, budget_left_ratio: left }) => ({ at: Date.parse(at), left }));
  const first = past.findIndex(({ left }) => left !== null);
  const known = first === -1 ? [] : past.slice(first);
  return budget_left_ratio === null ? known : [...known, { at: now, left: budget_left_ratio }];
}

/** The course in a sentence; null where nothing is known of it. */
export function courseText(course: BudgetCourse): string | null {
  const known = course.flatMap(({ at, left }) => (left === null ? [] : [{ at, left }]));
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return null;
  const least = known.reduce((one, other) => (other.left < one.left ? other : one));
  const begin = known.length === 1 ? '' : `${leftText(first.left)} on ${dayText(first.at)}, `;
  const low =
    least.left === last.left
      ? 'it was never less'
      : `the least was ${leftText(least.left)} on ${dayText(least.at)}`;
  return `${begin}${leftText(last.left)} now${known.length === 1 ? '' : `; ${low}`}.`;
}

function leftText(left: number): string {
  return left < 0 ? `overspent by ${shareText(left)}` : `${shareText(left)} left`;
}

function dayText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
