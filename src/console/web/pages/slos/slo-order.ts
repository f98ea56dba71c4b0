import type { Slo } from '../../api/types';

/** Which objectives are shown. */
export const SHOWN = ['all', 'danger', 'no_data'] as const;
export type Shown = (typeof SHOWN)[number];

/** The worst budget first; what has no data is neither good nor bad and comes last. */
export function worstFirst(one: Slo, other: Slo): number {
  const left = (slo: Slo): number => slo.budget_left_ratio ?? Infinity;
  if (left(one) !== left(other)) return left(one) < left(other) ? -1 : 1;
  return one.name.localeCompare(other.name) || one.id.localeCompare(other.id);
}

/** Whether an objective is among those that are looked for. */
export function fits({ name, id, account_id, state }: Slo, text: string, shown: Shown): boolean {
  const isFound = `${name} ${id} ${account_id ?? ''}`.toLowerCase().includes(text.toLowerCase());
  if (!isFound || shown === 'all') return isFound;
  return shown === 'no_data' ? state === 'no_data' : state === 'breached' || state === 'warning';
}
