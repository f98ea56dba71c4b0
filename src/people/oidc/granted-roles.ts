import { ACCOUNT_ROLES, type AccountRole } from '../../config/account-role';
import type { MappedRole } from '../../config/role-map';

/** What the provider says that somebody is in an account; null where they are nothing there. */
export interface GrantedRole {
  readonly account_id: string;
  readonly role: AccountRole | null;
}

/**
 * What somebody is in each account that the map names, by the values of their claim: of several roles the strongest.
 * Accounts in which they are something come first.
 */
export function grantedRoles(map: readonly MappedRole[], values: readonly string[]): readonly GrantedRole[] {
  const byAccount = Map.groupBy(map, ({ account_id }) => account_id);
  const granted = [...byAccount].map(([account_id, mapped]) => {
    const roles = mapped.filter(({ value }) => values.includes(value)).map(({ role }) => role);
    return { account_id, role: ACCOUNT_ROLES.findLast((role) => roles.includes(role)) ?? null };
  });
  return granted.sort((one, other) => Number(one.role === null) - Number(other.role === null));
}

/** The values of a claim: a text, or a list of which only texts count. */
export function valuesOf(claim: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(claim) ? claim : [claim];
  return list.filter((value) => typeof value === 'string');
}
