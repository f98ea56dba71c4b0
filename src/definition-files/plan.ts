import { isObject } from '../normalization/json-document';
import { isSameJson } from '../normalization/same-json';

/** Something that the file defines, as far as it is compared: an account's thing of a key, and its fields. */
export interface Planned {
  readonly account_id: string;
  readonly key: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A field that is to be another way, by its path such as `expect.status`; undefined where it is not there. */
export interface FieldChange {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** What is to be done so that there is what is wanted. In this order: first what goes, then what comes. */
export interface Plan<Stored extends Planned, Wanted extends Planned> {
  readonly remove: readonly Stored[];
  readonly change: readonly {
    readonly stored: Stored;
    readonly wanted: Wanted;
    readonly changes: readonly FieldChange[];
  }[];
  readonly create: readonly Wanted[];
  /** How many are as they should be. */
  readonly unchanged: number;
}

/**
 * Compares what the file made before with what it says now, by account and key. A type cannot be changed: who has
 * another is removed and created anew.
 */
export function plan<Stored extends Planned, Wanted extends Planned>(
  stored: readonly Stored[],
  wanted: readonly Wanted[],
): Plan<Stored, Wanted> {
  const known = new Map(stored.map((one) => [identityOf(one), one]));
  const pairs = wanted.flatMap((one) => {
    const match = known.get(identityOf(one));
    return match === undefined || match.fields['type'] !== one.fields['type']
      ? []
      : [{ stored: match, wanted: one, changes: changesOf(match.fields, one.fields) }];
  });
  const kept = new Set<Planned>(pairs.flatMap((pair) => [pair.stored, pair.wanted]));
  const change = pairs.filter(({ changes }) => changes.length > 0);
  return {
    remove: stored.filter((one) => !kept.has(one)),
    change,
    create: wanted.filter((one) => !kept.has(one)),
    unchanged: pairs.length - change.length,
  };
}

function identityOf({ account_id, key }: Planned): string {
  return `${account_id}/${key}`;
}

/** Fields that differ, in the order of their names. Objects are compared within; lists are whole. */
export function changesOf(from: unknown, to: unknown, path: readonly string[] = []): readonly FieldChange[] {
  if (isSameJson(from, to)) return [];
  if (!isObject(from) || !isObject(to)) return [{ field: path.join('.'), from, to }];
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
  return names.flatMap((name) => changesOf(ownOf(from, name), ownOf(to, name), [...path, name]));
}

function ownOf(object: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
