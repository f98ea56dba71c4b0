import type { Grant } from './scope';

/** What a person is in an account, weakest first. */
export const ACCOUNT_ROLES = ['viewer', 'operator', 'admin'] as const;
export type AccountRole = (typeof ACCOUNT_ROLES)[number];

const GRANTS: Readonly<Record<AccountRole, readonly Grant[]>> = {
  viewer: ['read'],
  operator: ['read', 'ingest', 'operate'],
  admin: ['read', 'ingest', 'operate', 'manage'],
};

/** What a role allows in its account. None allows what concerns the whole service. */
export function grantsOf(role: AccountRole): readonly Grant[] {
  return GRANTS[role];
}
