import type { Gauge } from 'prom-client';

/** Every combination of the labels' values. */
export function combinations<Label extends string>(
  values: Readonly<Record<Label, readonly string[]>>,
): Readonly<Record<Label, string>>[] {
  const labels = Object.keys(values) as Label[];
  let sets: Partial<Record<Label, string>>[] = [{}];
  for (const label of labels) {
    sets = sets.flatMap((set) => values[label].map((value) => ({ ...set, [label]: value })));
  }
  return sets as Record<Label, string>[];
}

/** Sets a state set: 1 for the state that holds, 0 for the others (OpenMetrics 1.0, "StateSet"). */
export function setState<Label extends string>(
  gauge: Gauge<Label | 'state'>,
  labels: Readonly<Record<Label, string>>,
  states: readonly string[],
  current: string,
): void {
  for (const state of states) {
    const all = { ...labels, state } as Record<Label | 'state', string>;
    gauge.set(all, state === current ? 1 : 0);
  }
}
