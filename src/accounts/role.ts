import type { AccountRole } from '../config/account-role';
import type { Grant } from './scope';

const GRANTS: Readonly<Record<AccountRole, readonly Grant[]>> = {
  viewer: ['read'],
  operator: ['read', 'ingest', 'operate'],
  admin: ['read', 'ingest', 'operate', 'manage'],
};

/** What a role allows in its account. None allows what concerns the whole service. */
export function grantsOf(role: AccountRole): readonly Grant[] {
  return GRANTS[role];
}
