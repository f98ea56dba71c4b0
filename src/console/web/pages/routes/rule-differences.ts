import type { RuleChange } from './draft';
import { inWords } from './route-words';
import type { Rule } from './rule';

/** What a part of a rule says and is to say; null where it says nothing. */
export interface RuleDifference {
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What changes of a rule, in the words in which it is shown. */
export function differencesOf({ before, after }: RuleChange): readonly RuleDifference[] {
  const [old, next] = [partsOf(before), partsOf(after)];
  return [...new Set([...old.keys(), ...next.keys()])]
    .map((field) => ({ field, before: old.get(field) ?? null, after: next.get(field) ?? null }))
    .filter((one) => one.before !== one.after);
}

function partsOf(rule: Rule | null): ReadonlyMap<string, string> {
  if (rule === null) return new Map();
  // A mute that is over is told as well, so that its removal is: hence any time before all mutes.
  const { when, tells, also, then } = inWords(rule.route, 0);
  return new Map([
    ['Name', rule.route.name],
    ['On', rule.route.enabled ? 'yes' : 'no'],
    ['When', when],
    ['Tells', tells],
    ...(also.length === 0 ? [] : [['Also', also.join('; ')] as const]),
    ['Then', then],
  ]);
}
