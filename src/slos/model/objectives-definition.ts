import {
  DefinitionFields,
  MAX_FAULTS,
  type DefinitionFault,
  type Rule,
} from '../../http/definition/definition-fields';
import { FLAG, orNull } from '../../http/definition/definition-rules';
import { ACCOUNT_ID } from '../../normalization/account-id';
import { isObject } from '../../normalization/json-document';
import { DEFAULT_OBJECTIVES } from './default-objectives';
import { lintObjective } from './lint';
import type { Objective } from './objective';
import { readObjective } from './objective-definition';

/** All objectives and what is doubtful about them, or everything that is wrong. */
export type ObjectivesReading =
  | { readonly objectives: readonly Objective[]; readonly warnings: readonly DefinitionFault[] }
  | { readonly faults: readonly DefinitionFault[] };

const MAX_ENTRIES = 1_000;

export const OBJECTIVE_ID: Rule<string> = {
  read: (value) => (typeof value === 'string' && /^[a-z0-9][a-z0-9-]{0,63}$/.test(value) ? value : undefined),
  message: 'must be 1 to 64 lower-case letters, digits and hyphens, the first of them no hyphen',
};

const ACCOUNT: Rule<string> = {
  read: (value) => (typeof value === 'string' && ACCOUNT_ID.test(value) ? value : undefined),
  message: 'must be the id of an account',
};

/**
 * Reads `{"objectives":[…]}`, from JSON or from YAML. An entry is a whole objective, or has the `id` of a default one
 * and says only what is different; then `kind` is the default's. With an `account` it counts for that account alone,
 * beside the default for all. `enabled: false` leaves a default out, for all accounts only. What is not mentioned
 * stays as it is.
 */
export function readObjectives(input: unknown): ObjectivesReading {
  if (!isObject(input)) return { faults: [{ field: null, message: 'must be an object' }] };
  const root = new DefinitionFields(input);
  const entries = root.need('objectives', {
    read: (value): readonly unknown[] | undefined =>
      Array.isArray(value) && value.length <= MAX_ENTRIES ? value : undefined,
    message: `must be a list of at most ${MAX_ENTRIES} objectives`,
  });
  root.refuseOthers('a file of objectives');
  if (!Array.isArray(entries)) return { faults: root.faults };
  const reader = new EntriesReader(root.faults);
  for (const [at, entry] of entries.entries()) {
    // No more than so many are told, and an entry whose faults are not told would pass for right.
    if (root.faults.length < MAX_FAULTS) reader.read(entry, `objectives[${at}]`);
  }
  return root.faults.length > 0 ? { faults: root.faults } : reader.reading();
}

/** Reads one entry after the other; the defaults that none changes stay. */
class EntriesReader {
  private readonly byIdentity = new Map(DEFAULT_OBJECTIVES.map((one) => [identityOf(one), one]));
  private readonly seen = new Set<string>();
  private readonly warnings: DefinitionFault[] = [];

  constructor(private readonly faults: DefinitionFault[]) {}

  read(entry: unknown, place: string): void {
    if (!isObject(entry)) {
      this.faults.push({ field: place, message: 'must be an object' });
      return;
    }
    const standard = standardOf(entry);
    const fields = entryFields(entry, this.faults, place);
    const before = this.faults.length;
    const identity = {
      id: fields.need('id', OBJECTIVE_ID),
      account_id: fields.take('account', orNull(ACCOUNT), null),
    };
    const isEnabled = fields.take('enabled', FLAG, true);
    const objective = readObjective(fields, identity);
    // What contradicts something else is told once each entry is right by itself.
    if (objective === null || this.faults.length > before) return;
    this.refuseContradictions(objective, fields, { standard, isEnabled });
    if (isEnabled) this.keep(objective, fields, place);
    else this.byIdentity.delete(identityOf(objective));
  }

  reading(): ObjectivesReading {
    return { objectives: [...this.byIdentity.values()], warnings: this.warnings };
  }

  private refuseContradictions(
    objective: Objective,
    fields: DefinitionFields,
    { standard, isEnabled }: { readonly standard: Objective | undefined; readonly isEnabled: boolean },
  ): void {
    const identity = identityOf(objective);
    if (this.seen.has(identity)) fields.refuse('id', 'is there twice in this account');
    this.seen.add(identity);
    if (!isEnabled && (!standard || objective.account_id !== null)) {
      fields.refuse('enabled', 'can be false only for a default objective of all accounts');
    }
    if (standard && objective.kind !== standard.kind) {
      fields.refuse('kind', `cannot be changed: it is ${standard.kind}`);
    }
  }

  private keep(objective: Objective, fields: DefinitionFields, place: string): void {
    for (const { level, message } of lintObjective(objective)) {
      if (level === 'refuse') fields.refuse('objective', message);
      else this.warnings.push({ field: `${place}.objective`, message });
    }
    this.byIdentity.set(identityOf(objective), objective);
  }
}

/** The default that an entry changes, if it does. */
export function standardOf(entry: Readonly<Record<string, unknown>>): Objective | undefined {
  return DEFAULT_OBJECTIVES.find(({ id }) => id === entry['id']);
}

/** The fields of an entry, with those of the default that it changes where it says nothing. */
export function entryFields(
  entry: Readonly<Record<string, unknown>>,
  faults: DefinitionFault[],
  place: string,
): DefinitionFields {
  const standard = standardOf(entry);
  return new DefinitionFields(standard ? over(standard, entry) : entry, faults, `${place}.`);
}

/** A default with the fields of an entry instead of its own. */
function over(
  { account_id: _, ...standard }: Objective,
  entry: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return { ...standard, ...entry };
}

function identityOf({ id, account_id }: Pick<Objective, 'id' | 'account_id'>): string {
  return `${account_id ?? ''}/${id}`;
}
