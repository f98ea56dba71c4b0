import { useQuery } from '@tanstack/react-query';
import { answered, api } from '../../api/client';
import type { AuditEntry } from '../../api/types';
import { useIdentity } from '../../session/session';

/** So far back the audit log is looked through, in entries: as many as it gives at once. */
const LOOKED_THROUGH = 500;

/** When something was changed last (ISO 8601), and by whom, as in `by ada@acme.example`. */
export interface LastChange {
  readonly at: string;
  readonly by: string;
}

const NAMELESS: Readonly<Record<AuditEntry['by']['kind'], string>> = {
  person: 'by a person',
  key: 'by an API key',
  admin_token: 'by ADMIN_TOKEN',
  anybody: 'without a credential',
  system: 'by the service itself',
};

/** The last change of each route, by its id, as far as the newest of the audit log tell; for admins alone, as the log is. */
export function useLastChanges(account: string): ReadonlyMap<string, LastChange> {
  const { role } = useIdentity();
  const { data } = useQuery({
    queryKey: ['routes', account, 'changes'],
    queryFn: ({ signal }) => {
      const query = { account_id: account, limit: LOOKED_THROUGH };
      return answered(api.GET('/audit', { params: { query }, signal }));
    },
    enabled: role === 'admin',
  });
  const ofRoutes = (data?.entries ?? []).filter(({ action }) => action.startsWith('route'));
  return new Map(ofRoutes.toReversed().map(({ subject, at, by }) => [subject, { at, by: actorText(by) }]));
}

function actorText({ kind, name }: AuditEntry['by']): string {
  if (name === null) return NAMELESS[kind];
  return kind === 'key' ? `by the API key ${name}…` : `by ${name}`;
}
