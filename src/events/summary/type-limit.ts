import { BoundedMap } from '../../accounts/bounded-map';
import { bucketOf, DAY_MS } from './time-buckets';

/** So many types of an account are counted by name in a day, by each process. */
export const MAX_TYPES = 200;

/** So many accounts' types are remembered: an account that was forgotten may have as many types again. */
const MAX_ACCOUNTS = 5_000;

/** Stands for all types beyond the limit. */
export const OTHER_TYPES = '';

/**
 * Tenants choose the types of their events, and each type has rows of its own in every bucket. So only the first ones
 * of a day are counted by name.
 */
export class TypeLimit {
  private known = new BoundedMap<string, Set<string>>(MAX_ACCOUNTS);
  private dayAt = 0;

  /** The types that an account may still use on the day of `now`, for `nameOf`. */
  typesOf(account_id: string, now: number): Set<string> {
    const dayAt = bucketOf(now, DAY_MS).bucket_at;
    if (dayAt !== this.dayAt) {
      this.known = new BoundedMap(MAX_ACCOUNTS);
      this.dayAt = dayAt;
    }
    const types = this.known.get(account_id) ?? new Set<string>();
    this.known.set(account_id, types);
    return types;
  }
}

/** The name under which an event of a type is counted. */
export function nameOf(type: string, types: Set<string>): string {
  if (types.has(type)) return type;
  if (types.size >= MAX_TYPES) return OTHER_TYPES;
  types.add(type);
  return type;
}
