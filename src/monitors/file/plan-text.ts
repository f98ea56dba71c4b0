import type { PlannedChangeView, PlanView } from './plan-view';

const SIGNS: Readonly<Record<PlannedChangeView['action'], string>> = {
  remove: '-',
  change: '~',
  create: '+',
};
const WORDS: Readonly<Record<PlannedChangeView['kind'], string>> = {
  monitor: 'monitor',
  maintenance_window: 'maintenance window',
};

/** A plan for people, line by line. */
export function planText({ changes, unchanged }: PlanView): string {
  const count = (action: PlannedChangeView['action']): number =>
    changes.filter((change) => change.action === action).length;
  const sum =
    `${count('create')} to create, ${count('change')} to change, ${count('remove')} to remove, ` +
    `${unchanged} unchanged`;
  return [...changes.flatMap(linesOf), sum].join('\n');
}

function linesOf({ action, kind, account_id, key, name, fields }: PlannedChangeView): string[] {
  const changes = fields.map(
    ({ field, from, to }) => `    ${field}: ${from ?? '(none)'} → ${to ?? '(none)'}`,
  );
  return [`${SIGNS[action]} ${WORDS[kind]} ${account_id}/${key}: ${name}`, ...changes];
}
