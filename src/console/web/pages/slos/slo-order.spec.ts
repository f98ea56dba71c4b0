import type { Slo } from '../../api/types';
import { fits, worstFirst } from './slo-order';

const slo = (id: string, budget_left_ratio: number | null, state: Slo['state']): Slo =>
  ({ id, name: `The ${id}`, account_id: null, budget_left_ratio, state }) as Slo;

const SLOS = [
  slo('unknown', null, 'no_data'),
  slo('whole', 1, 'ok'),
  slo('burning', 0.9, 'warning'),
  slo('gone', -0.2, 'breached'),
  slo('long gone', -32, 'breached'),
  slo('also whole', 1, 'ok'),
];

describe('objectives', () => {
  it('are ordered by what is left of their budgets, those without data last', () => {
    expect([...SLOS].sort(worstFirst).map(({ id }) => id)).toEqual([
      'long gone',
      'gone',
      'burning',
      'also whole',
      'whole',
      'unknown',
    ]);
  });

  it.each([
    ['', 'danger', ['burning', 'gone', 'long gone']],
    ['GONE', 'all', ['gone', 'long gone']],
    ['', 'no_data', ['unknown']],
    ['whole', 'danger', []],
  ] as const)('that are looked for by "%s" among %s', (text, shown, ids) => {
    expect(SLOS.filter((one) => fits(one, text, shown)).map(({ id }) => id)).toEqual(ids);
  });
});
