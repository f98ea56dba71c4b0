import { isObject } from '../../normalization/json-document';

/** A step of a path: the name of a member, or the place in a list. */
type Step = string | number;

/** A name behind a dot, a name in quotes, or a place in brackets. */
const STEP = /\.([\p{L}_][\p{L}\p{N}_-]*)|\['([^'\\]*)'\]|\["([^"\\]*)"\]|\[(0|[1-9]\d{0,8})\]/uy;

/**
 * Reads a path to one value in a JSON document: the part of JSONPath (RFC 9535) that names exactly one place. `$` is
 * the document; `.name`, `['name']` and `["name"]` lead to a member, `[0]` to an element of a list, as in
 * `$.checks[0].status`. There are no wildcards, filters, slices, places counted from the end or escapes in quotes.
 * Unlike in the RFC, a name behind a dot may hold a `-`.
 *
 * @returns null where the text is no such path
 */
export function readJsonPath(path: string): readonly Step[] | null {
  if (!path.startsWith('$')) return null;
  const steps: Step[] = [];
  let at = 1;
  while (at < path.length) {
    STEP.lastIndex = at;
    const match = STEP.exec(path);
    if (match === null) return null;
    const [, dotted, single, double, place] = match;
    steps.push(place === undefined ? (dotted ?? single ?? double ?? '') : Number(place));
    at = STEP.lastIndex;
  }
  return steps;
}

/** What there is at the path's end; undefined where the document has nothing there. */
export function valueAt(document: unknown, path: string): unknown {
  const steps = readJsonPath(path);
  if (steps === null) return undefined;
  return steps.reduce(follow, document);
}

function follow(value: unknown, step: Step): unknown {
  if (typeof step === 'number') return Array.isArray(value) ? (value as unknown[])[step] : undefined;
  return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}
