import { MINUTE_MS } from '../../events/summary/time-buckets';
import { CountHistory } from './count-history';
import type { Fault, Incident } from './incident';
import { spendingOf } from './spending';

const START = Date.UTC(2031, 4, 6);
const WITHIN = { from_at: START, until_at: START + 60 * MINUTE_MS };

/** One bad request in each of the 60 minutes, and one before. */
const HISTORY = new CountHistory(
  Array.from({ length: 61 }, (_, minute) => ({
    minute_at: START + (minute - 1) * MINUTE_MS,
    counts: { good: 9, bad: 1, unseen: 0 },
  })),
);

/** From and until, in minutes. */
function incident(id: string, fault: Fault, from: number, until: number | null): Incident {
  const started_at = START + from * MINUTE_MS;
  const resolved_at = until === null ? null : START + until * MINUTE_MS;
  return {
    account_id: 'default',
    id,
    title: id,
    fault,
    cause: null,
    started_at,
    resolved_at,
    paged_at: null,
  };
}

/** How much was bad during each, and by whose fault: our own, the vendor's, nobody's that is known. */
function spent(...incidents: Incident[]): unknown[] {
  const { incidents: during, by_fault } = spendingOf(HISTORY, incidents, WITHIN);
  return [during.map(({ incident, bad }) => `${incident.id} ${bad}`), Object.values(by_fault)];
}

describe('what spent a budget', () => {
  it.each<[what: string, incidents: Incident[], during: string[], byFault: number[]]>([
    ['nothing is known', [], [], [0, 0, 60]],
    ['it was ours', [incident('a', 'own', 10, 20)], ['a 10'], [10, 0, 50]],
    ['it was the vendor', [incident('a', 'vendor', 10, 20)], ['a 10'], [0, 10, 50]],
    [
      'it was both at once: then it is ours',
      [incident('a', 'own', 10, 20), incident('b', 'vendor', 15, 40)],
      ['b 25', 'a 10'],
      [10, 20, 30],
    ],
    [
      'two of a kind overlap: each minute counts once',
      [incident('a', 'vendor', 10, 20), incident('b', 'vendor', 15, 25)],
      ['a 10', 'b 10'],
      [0, 15, 45],
    ],
    // It had minutes 10, 11 and 12, if only parts of the first and the last.
    ['it began and ended in the middle of minutes', [incident('a', 'own', 10.5, 12.1)], ['a 3'], [3, 0, 57]],
    ['it lasts', [incident('a', 'own', 50, null)], ['a 10'], [10, 0, 50]],
    ['it began before', [incident('a', 'own', -5, 5)], ['a 5'], [5, 0, 55]],
    ['it was over before', [incident('a', 'own', -5, 0)], [], [0, 0, 60]],
    ['it came after', [incident('a', 'own', 60, 70)], [], [0, 0, 60]],
  ])('where %s', (_what, incidents, during, byFault) => {
    expect(spent(...incidents)).toEqual([during, byFault]);
  });
});
