import { ACCOUNT_ID } from '../../normalization/account-id';
import type { Rule } from '../../http/definition/definition-fields';

const MOST_KEYS = 500;

const isKey = (value: unknown): value is string =>
  typeof value === 'string' && /^[a-z0-9][a-z0-9._-]{0,63}$/.test(value);

/** What an entry of the file goes by: with it, it stays the same one however it is changed. */
export const KEY: Rule<string> = {
  read: (value) => (isKey(value) ? value : undefined),
  message: 'must be 1 to 64 small letters, digits, dots, dashes and underscores',
};

export const ACCOUNT: Rule<string> = {
  read: (value) => (typeof value === 'string' && ACCOUNT_ID.test(value) ? value : undefined),
  message: 'must be 1 to 64 letters, digits, dots, dashes and underscores',
};

/** Keys of monitors; null stands for all of the account. */
export const MONITOR_KEYS: Rule<readonly string[] | null> = {
  read: (value) => {
    if (value === null) return null;
    if (!Array.isArray(value) || value.length === 0 || value.length > MOST_KEYS) return undefined;
    return value.every(isKey) && new Set(value).size === value.length ? value : undefined;
  },
  message: `must be a list of 1 to ${MOST_KEYS} keys of monitors, each at most once, or null for all of the account`,
};
