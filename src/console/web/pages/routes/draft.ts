import type { Rule } from './rule';

/** Routes that are edited and not saved yet. */
export interface Draft {
  /** The version that was read, which saving is refused without. */
  readonly version: number;
  /** The routes of that version. */
  readonly base: readonly Rule[];
  readonly rules: readonly Rule[];
}

/** What became of one route in a draft. */
export interface RuleChange {
  readonly key: string;
  readonly name: string;
  readonly what: 'added' | 'changed' | 'deleted';
  readonly before: Rule | null;
  readonly after: Rule | null;
}

/** The draft with a rule changed, or added as the last one. */
export function withRule(draft: Draft, rule: Rule): Draft {
  const isThere = draft.rules.some(({ key }) => key === rule.key);
  const rules = isThere
    ? draft.rules.map((one) => (one.key === rule.key ? rule : one))
    : [...draft.rules, rule];
  return { ...draft, rules };
}

/** The draft with a rule at another place; 0 is the first. */
export function withMoved(draft: Draft, key: string, place: number): Draft {
  const rule = draft.rules.find((one) => one.key === key);
  if (rule === undefined) return draft;
  const others = draft.rules.filter((one) => one.key !== key);
  return { ...draft, rules: others.toSpliced(place, 0, rule) };
}

/** The draft without a rule. */
export function withoutRule(draft: Draft, key: string): Draft {
  return { ...draft, rules: draft.rules.filter((one) => one.key !== key) };
}

/**
 * The draft as if it had been begun after a mute, which holds at once. Where there were other changes before that one,
 * it keeps its version: saving is to find them out.
 *
 * @param version of the routes with the mute
 */
export function withMute(draft: Draft, key: string, mute_until: string | null, version: number): Draft {
  const muted = (rules: readonly Rule[]): readonly Rule[] =>
    rules.map((rule) => (rule.key === key ? { ...rule, route: { ...rule.route, mute_until } } : rule));
  const isOnly = version === draft.version + 1;
  return { version: isOnly ? version : draft.version, base: muted(draft.base), rules: muted(draft.rules) };
}

/** What saving the draft would change of each route. */
export function changesOf({ base, rules }: Pick<Draft, 'base' | 'rules'>): readonly RuleChange[] {
  const before = byKey(base);
  const after = byKey(rules);
  const gone = base.filter(({ key }) => !after.has(key)).map((rule) => changeOf('deleted', rule, rule, null));
  const others = rules.flatMap((rule) => {
    const old = before.get(rule.key);
    if (old === undefined) return [changeOf('added', rule, null, rule)];
    return isSame(old, rule) ? [] : [changeOf('changed', rule, old, rule)];
  });
  return [...others, ...gone];
}

/** Whether routes that are in both stand in another order. */
export function isReordered({ base, rules }: Pick<Draft, 'base' | 'rules'>): boolean {
  const [before, after] = [byKey(base), byKey(rules)];
  const order = (list: readonly Rule[], other: ReadonlyMap<string, Rule>): string =>
    list
      .map(({ key }) => key)
      .filter((key) => other.has(key))
      .join();
  return order(base, after) !== order(rules, before);
}

/** Whether saving the draft would change anything. */
export function isChanged(draft: Pick<Draft, 'base' | 'rules'>): boolean {
  return changesOf(draft).length > 0 || isReordered(draft);
}

/**
 * The draft's changes put on top of routes that somebody else has changed since. What both changed is as the draft has it;
 * what the others added stands where they put it, as far as the draft does not order anew.
 */
export function rebased(draft: Draft, newer: Pick<Draft, 'version' | 'base'>): Draft {
  const changes = new Map(changesOf(draft).map((change) => [change.key, change]));
  const kept = newer.base.flatMap((rule) => {
    const change = changes.get(rule.key);
    if (change === undefined) return [rule];
    return change.after === null ? [] : [change.after];
  });
  const there = byKey(kept);
  // Somebody may have deleted what the draft changes: then it is a new one.
  const mine = draft.rules
    .filter(({ key }) => changes.has(key) && !there.has(key))
    .map((rule) => (rule.isNew ? rule : { ...rule, key: `new-${rule.key}`, isNew: true }));
  const all = [...kept, ...mine];
  const rules = isReordered(draft) || mine.length > 0 ? inOrderOf(draft.rules, all) : all;
  return { version: newer.version, base: newer.base, rules };
}

/** Names of the routes that the draft and somebody else have changed. */
export function changedByBoth(draft: Draft, newer: readonly Rule[]): readonly string[] {
  const theirs = new Set(changesOf({ base: draft.base, rules: newer }).map(({ key }) => key));
  return changesOf(draft)
    .filter(({ key }) => theirs.has(key))
    .map(({ name }) => name);
}

/** Those that an order knows in that order; each of the others stays behind the one that it stood behind. */
function inOrderOf(order: readonly Rule[], rules: readonly Rule[]): readonly Rule[] {
  const place = new Map(order.map(({ key }, index) => [key, index]));
  let last = -1;
  return rules
    .map((rule) => {
      last = place.get(rule.key) ?? place.get(rule.key.replace(/^new-/, '')) ?? last;
      return { rule, last };
    })
    .sort((one, other) => one.last - other.last)
    .map(({ rule }) => rule);
}

function changeOf(
  what: RuleChange['what'],
  { key, route }: Rule,
  before: Rule | null,
  after: Rule | null,
): RuleChange {
  return { key, name: route.name, what, before, after };
}

function byKey(rules: readonly Rule[]): ReadonlyMap<string, Rule> {
  return new Map(rules.map((rule) => [rule.key, rule]));
}

function isSame(one: Rule, other: Rule): boolean {
  return textOf(one.route) === textOf(other.route);
}

/** Equal for equal values, in whichever order their fields were written. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}
