/**
 * How one setting is read from its environment variable. Validation, the printed (redacted) form and the
 * documentation's table are all made from this one description.
 */
export interface Setting<T> {
  /** Turns the variable's text into the value. Throws an Error whose message names what is expected. */
  readonly parse: (text: string) => T;
  /** The value where the variable is absent or empty. */
  readonly fallback: T;
  /** The default as a reader of the documentation should see it. */
  readonly shownDefault: string;
  /** One sentence for `.env.example` and the README. */
  readonly doc: string;
  /** Secrets are never printed, and may come from the file named by `<NAME>_FILE`. */
  readonly isSecret: boolean;
}

/** A whole number between `min` and `max`, both included. */
export function integer(fallback: number, min: number, max: number, doc: string): Setting<number> {
  const parse = (text: string): number => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || value < min || value > max) {
      throw new Error(`must be a whole number from ${min} to ${max}`);
    }
    return value;
  };
  return { parse, fallback, shownDefault: String(fallback), doc, isSecret: false };
}

/** `true` or `false`. */
export function boolean(fallback: boolean, doc: string): Setting<boolean> {
  const parse = (text: string): boolean => {
    if (text !== 'true' && text !== 'false') throw new Error('must be true or false');
    return text === 'true';
  };
  return { parse, fallback, shownDefault: String(fallback), doc, isSecret: false };
}

/** One word out of a closed list. */
export function oneOf<const T extends string>(values: readonly T[], fallback: T, doc: string): Setting<T> {
  const parse = (text: string): T => {
    const value = values.find((candidate) => candidate === text);
    if (value === undefined) throw new Error(`must be one of ${values.join(', ')}`);
    return value;
  };
  return { parse, fallback, shownDefault: fallback, doc, isSecret: false };
}

/** Any text that `parse` accepts. */
export function text(
  fallback: string,
  doc: string,
  parse: (text: string) => string = (value) => value,
): Setting<string> {
  return { parse, fallback, shownDefault: fallback, doc, isSecret: false };
}

/** Text that may be absent. */
export function optional<T = string>(
  doc: string,
  parse: (text: string) => T = (value) => value as T,
): Setting<T | undefined> {
  return { parse, fallback: undefined, shownDefault: '', doc, isSecret: false };
}

/** Marks a setting as a secret. */
export function secret<T>(setting: Setting<T>): Setting<T> {
  return { ...setting, isSecret: true };
}
