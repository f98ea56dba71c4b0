/** Says whether a text fits one of some patterns. */
export type TextMatcher = (text: string) => boolean;

/** Stands for any text, also for none. */
const WILDCARD = '*';

/** A matcher for patterns in which `*` stands for any text. Everything else stands for itself. */
export function textMatcher(patterns: readonly string[]): TextMatcher {
  const exact = new Set(patterns.filter((pattern) => !pattern.includes(WILDCARD)));
  const open = patterns
    .filter((pattern) => pattern.includes(WILDCARD))
    .map((pattern) => pattern.split(WILDCARD));
  return (text) => exact.has(text) || open.some((parts) => fits(text, parts));
}

/**
 * Whether a text is made of these parts in this order, with anything between them. The earliest place of each part is
 * always a good one, and so nothing is tried twice, whatever the pattern.
 */
function fits(text: string, parts: readonly string[]): boolean {
  const first = parts[0]!;
  const last = parts.at(-1)!;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
    return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
