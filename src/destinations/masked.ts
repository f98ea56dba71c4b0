import { REDACTED } from './fields';

/** The beginning of a secret that is shorter than this gives nothing away. */
const MIN_PART = 4;

/**
 * A text without secrets that it may hold. Where it is the beginning of a longer one, its end may be the beginning of a
 * secret, and goes too.
 */
export function masked(text: string, secrets: readonly string[], isCut = false): string {
  // Long ones first: one may be a part of another.
  const sorted = [...secrets].sort((a, b) => b.length - a.length);
  const whole = sorted.reduce((rest, secret) => rest.replaceAll(secret, REDACTED), text);
  return isCut ? withoutBeginnings(whole, sorted) : whole;
}

function withoutBeginnings(text: string, secrets: readonly string[]): string {
  for (const secret of secrets) {
    for (let length = secret.length - 1; length >= MIN_PART; length--) {
      if (text.endsWith(secret.slice(0, length))) return text.slice(0, -length) + REDACTED;
    }
  }
  return text;
}

/** An error of which nothing but its name, its stack and its message without secrets is left. */
export function maskedError(error: unknown, secrets: readonly string[]): Error {
  if (!(error instanceof Error)) return new Error(masked(String(error), secrets));
  const copy = new Error(masked(error.message, secrets));
  copy.name = error.name;
  copy.stack = masked(error.stack ?? '', secrets);
  return copy;
}
