import { ACCOUNT_ROLES, type AccountRole } from './account-role';

/** A value of the claim `OIDC_ROLE_CLAIM`, and what whoever has it is in an account. */
export interface MappedRole {
  readonly account_id: string;
  readonly role: AccountRole;
  /** Whole and exact, upper and lower case told apart. */
  readonly value: string;
}

/** Account, role, value of the claim. */
const PART = /^([A-Za-z0-9][A-Za-z0-9._-]{0,63}):([a-z]+)=(.+)$/;

/** Reads `account:role=value,account:role=value`. Throws an Error that names the faulty part. */
export function parseRoleMap(text: string): readonly MappedRole[] {
  return text.split(',').map((part) => {
    const [, account_id = '', name = '', value = ''] = PART.exec(part.trim()) ?? [];
    const role = ACCOUNT_ROLES.find((known) => known === name);
    if (role !== undefined) return { account_id, role, value: value.trim() };
    throw new Error(
      `must be account:role=value,… with the roles ${ACCOUNT_ROLES.join(', ')}; this is not: ${part.trim()}`,
    );
  });
}
