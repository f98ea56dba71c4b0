import { MAX_FAULTS, type DefinitionFields, type Rule } from '../../http/definition/definition-fields';
import { isObject } from '../../normalization/json-document';
import { lintObjective } from './lint';
import type { Objective } from './objective';
import { readObjective } from './objective-definition';
import { entryFields, OBJECTIVE_ID, standardOf } from './objectives-definition';

/** So many objectives an account may set for itself: each is judged every minute. */
export const MAX_OWN_OBJECTIVES = 50;

/** So many all accounts together. */
export const MAX_OWN_OBJECTIVES_OF_ALL = 1_000;

const LIST: Rule<readonly unknown[]> = {
  read: (value) => (Array.isArray(value) && value.length <= MAX_OWN_OBJECTIVES ? value : undefined),
  message: `must be a list of at most ${MAX_OWN_OBJECTIVES} objectives`,
};

/** What an account's objectives are read by. */
export interface OwnReading {
  readonly account_id: string;
  /** Ids that the operator's file gives this account: they cannot be set here. */
  readonly taken: ReadonlySet<string>;
}

/**
 * Reads the field `objectives`: what SLOS_FILE may hold for an account, without its name. Faults are kept in the fields,
 * and where there are any, what is returned is of no use.
 */
export function readOwnObjectives(fields: DefinitionFields, reading: OwnReading): readonly Objective[] {
  const entries = fields.need('objectives', LIST);
  const seen = new Set<string>();
  const objectives: Objective[] = [];
  for (const [at, entry] of (entries ?? []).entries()) {
    // No more than so many are told, and an entry whose faults are not told would pass for right.
    if (fields.faults.length >= MAX_FAULTS) break;
    const place = `objectives[${at}]`;
    if (!isObject(entry)) fields.refuse(place, 'must be an object');
    else objectives.push(...readEntry(entryFields(entry, fields.faults, place), entry, reading, seen));
  }
  return objectives;
}

function readEntry(
  fields: DefinitionFields,
  entry: Readonly<Record<string, unknown>>,
  { account_id, taken }: OwnReading,
  seen: Set<string>,
): Objective[] {
  const before = fields.faults.length;
  const id = fields.need('id', OBJECTIVE_ID);
  const objective = readObjective(fields, { id, account_id });
  if (objective === null || fields.faults.length > before) return [];
  const standard = standardOf(entry);
  if (seen.has(id)) fields.refuse('id', 'is there twice');
  seen.add(id);
  if (taken.has(id)) fields.refuse('id', 'is set for this account by SLOS_FILE');
  if (standard && objective.kind !== standard.kind)
    fields.refuse('kind', `cannot be changed: it is ${standard.kind}`);
  if (objective.kind === 'vendor')
    fields.refuse('kind', 'cannot be vendor: vendors are everybody’s, and set in SLOS_FILE');
  for (const { level, message } of lintObjective(objective)) {
    if (level === 'refuse') fields.refuse('objective', message);
  }
  return [objective];
}
