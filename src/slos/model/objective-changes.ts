import type { AuditedChange } from '../../accounts/audit/audit';
import type { Objective } from './objective';

/** What became of an account's own objectives, one entry for each; none where nothing changed but their order. */
export function auditedChanges(
  account_id: string,
  before: readonly Objective[],
  after: readonly Objective[],
): readonly AuditedChange[] {
  const old = new Map(before.map((one) => [one.id, one]));
  const now = new Map(after.map((one) => [one.id, one]));
  const changed = after.filter((one) => JSON.stringify(old.get(one.id)) !== JSON.stringify(one));
  return [
    ...before
      .filter(({ id }) => !now.has(id))
      .map(
        (one) => ({ account_id, action: 'objective.deleted', subject: one.id, before: { ...one } }) as const,
      ),
    ...changed.map((one) => {
      const known = old.get(one.id);
      const change = { account_id, subject: one.id, after: { ...one } };
      return known === undefined
        ? ({ ...change, action: 'objective.added' } as const)
        : ({ ...change, action: 'objective.changed', before: { ...known } } as const);
    }),
  ];
}
