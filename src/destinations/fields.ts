import { isObject } from '../normalization/json-document';

/** What is shown in the place of a secret. */
export const REDACTED = '[redacted]';

/**
 * How one setting of a destination is read and shown. Validation, what the API shows and what is masked elsewhere are all
 * made from this one description.
 */
export interface Field<T> {
  /** Throws an Error whose message says what is expected: "must be …". */
  parse(value: unknown): T;
  /** The value where it is not given; undefined for those that have to be. */
  readonly fallback?: T;
  /** The value as anybody may see it. */
  shown(value: T): unknown;
  /** What of the value nobody may see. */
  secretsIn(value: T): readonly string[];
}

/** The settings of one type of destination. */
export type Fields = Readonly<Record<string, Field<unknown>>>;

/** The values that fields describe. */
export type SettingsOf<F extends Fields> = {
  readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never;
};

/** Settings that cannot be used; `faults` holds one sentence for each. */
export class InvalidDestinationError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(faults.join('; '));
    this.name = 'InvalidDestinationError';
  }
}

/** A value that everybody may see. */
export function plain<T>(parse: (value: unknown) => T): Field<T> {
  return { parse, shown: (value) => value, secretsIn: () => [] };
}

/**
 * Reads settings as they were given.
 *
 * @throws InvalidDestinationError naming every fault at once
 */
export function readSettings<F extends Fields>(
  fields: F,
  given: Readonly<Record<string, unknown>>,
): SettingsOf<F> {
  const faults = Object.keys(given)
    .filter((name) => !Object.hasOwn(fields, name))
    .map((name) => `settings.${name} should not exist`);
  const settings: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    try {
      settings[name] = read(field, given[name]);
    } catch (error) {
      faults.push(`settings.${name} ${(error as Error).message}`);
    }
  }
  if (faults.length > 0) throw new InvalidDestinationError(faults);
  return settings as SettingsOf<F>;
}

/** Settings as the API shows them. */
export function shownSettings(
  fields: Fields,
  settings: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, field.shown(settings[name])]),
  );
}

/** Everything in settings, given as JSON text, that nobody may see. */
export function secretsOf(fields: Fields, credential: string): readonly string[] {
  const settings = JSON.parse(credential) as Record<string, unknown>;
  return Object.entries(fields).flatMap(([name, field]) => field.secretsIn(settings[name]));
}

function read<T>(field: Field<T>, value: unknown): T {
  if (value === undefined || value === null) {
    if (field.fallback === undefined) throw new Error('is missing');
    return field.fallback;
  }
  // What was shown comes back where somebody sends what they have read.
  if (holdsRedacted(value)) throw new Error(`holds ${REDACTED}: leave out what shall stay as it is`);
  return field.parse(value);
}

function holdsRedacted(value: unknown): boolean {
  if (typeof value === 'string') return value.includes(REDACTED);
  if (Array.isArray(value)) return value.some(holdsRedacted);
  return isObject(value) && Object.values(value).some(holdsRedacted);
}
