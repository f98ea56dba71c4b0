/** Deepest nesting of a JSON document that is accepted. */
export const MAX_NESTING = 128;

/** Why a text is no acceptable JSON document. */
export type JsonFault = 'not_json' | 'too_deep';

/** The text is not JSON, or nested too deeply to be handled safely. */
export class InvalidJsonError extends Error {
  constructor(
    readonly fault: JsonFault,
    options?: ErrorOptions,
  ) {
    super(fault === 'too_deep' ? `JSON nested deeper than ${MAX_NESTING} levels` : 'not valid JSON', options);
    this.name = 'InvalidJsonError';
  }
}

/**
 * Parses JSON that a stranger sent. Nesting is bounded, because deeper documents parse but overflow the stack
 * of whatever walks or prints them later.
 *
 * @throws InvalidJsonError
 */
export function parseJson(text: string): unknown {
  if (isNestedDeeperThan(text, MAX_NESTING)) throw new InvalidJsonError('too_deep');
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new InvalidJsonError('not_json', { cause });
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Counts brackets outside of strings, without parsing. */
function isNestedDeeperThan(text: string, limit: number): boolean {
  if (!hasMoreBracketsThan(text, limit)) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      if (++depth > limit) return true;
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      depth--;
    }
  }
  return false;
}

/** Most documents have too few brackets to be nested deeply, and finding those is fast. */
function hasMoreBracketsThan(text: string, limit: number): boolean {
  let count = 0;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
      if (++count > limit) return true;
    }
  }
  return false;
}

/** Index of the quote that closes the string opened at `start`, or the text's end. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return at;
  }
  return text.length;
}

/** Whether a parsed value is a JSON object (not null, not an array). */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
