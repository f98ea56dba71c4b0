import { readStrictInstant } from '../../normalization/strict-instant';
import { isTimeZone } from '../../normalization/zoned-time';
import type { Rule } from './definition-fields';

/** Text of one line. */
export function textOf(maxCharacters: number): Rule<string> {
  return {
    read: (value) => (isText(value, maxCharacters) ? value : undefined),
    message: `must be text of 1 to ${maxCharacters} characters, without control characters`,
  };
}

export function wholeNumber(least: number, most: number): Rule<number> {
  return {
    read: (value) => (isWholeNumber(value, least, most) ? value : undefined),
    message: `must be a whole number from ${least} to ${most}`,
  };
}

export function oneOf<T extends string>(words: readonly T[]): Rule<T> {
  return {
    read: (value) => words.find((word) => word === value),
    message: `must be one of ${words.join(', ')}`,
  };
}

export const FLAG: Rule<boolean> = {
  read: (value) => (typeof value === 'boolean' ? value : undefined),
  message: 'must be true or false',
};

/** An instant, as milliseconds since 1970 UTC. */
export const INSTANT: Rule<number> = {
  read: (value) => readStrictInstant(value) ?? undefined,
  message: 'must be an instant of ISO 8601 with its zone, such as 2026-01-15T10:40:00.000Z',
};

export const LOCAL_TIME: Rule<string> = {
  read: (value) => (typeof value === 'string' && /^([01]\d|2[0-3]):[0-5]\d$/.test(value) ? value : undefined),
  message: 'must be a time of day such as 02:30',
};

export const TIME_ZONE: Rule<string> = {
  read: (value) => (typeof value === 'string' && isTimeZone(value) ? value : undefined),
  message: 'must be a time zone of the IANA database, such as Europe/Berlin',
};

/** A list of one or more, none of them twice. */
export function listOf<T>({ read }: Rule<T>, message: string, maxElements = 32): Rule<readonly T[]> {
  return {
    read: (value) => {
      if (!Array.isArray(value) || value.length === 0 || value.length > maxElements) return undefined;
      const elements = value.map((element) => read(element));
      if (new Set(elements).size < elements.length) return undefined;
      return elements.every((element) => element !== undefined) ? elements : undefined;
    },
    message,
  };
}

/** The same, or null. */
export function orNull<T>({ read, message }: Rule<T>): Rule<T | null> {
  return { read: (value) => (value === null ? null : read(value)), message: `${message}, or null` };
}

/** What no value fulfils: for a name that must not be there. */
export function never<T>(message: string): Rule<T> {
  return { read: () => undefined, message };
}

export function isWholeNumber(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

function isText(value: unknown, maxCharacters: number): value is string {
  if (typeof value !== 'string' || value.length > 2 * maxCharacters) return false;
  if (value.trim() === '' || !value.isWellFormed() || /\p{Cc}/u.test(value)) return false;
  return [...value].length <= maxCharacters;
}
