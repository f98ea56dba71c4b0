import { Button } from '@mantine/core';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { answered, api } from '../../api/client';
import type { ApiKey } from '../../api/types';
import { AskDialog } from '../../parts/ask-dialog';
import { Empty } from '../../parts/empty';
import { Instant, useNow } from '../../parts/instant';
import { Pager, useCursors } from '../../parts/pager';
import { StateMark } from '../../parts/state-mark';
import { Trouble } from '../../parts/trouble';
import { WaitingRows } from '../../parts/waiting';
import { KeyForm, RIGHTS } from './key-form';

const PAGE_SIZE = 25;

/** The keys of an account: made, shown once, revoked. */
export function Keys({ account }: { readonly account: string }): ReactNode {
  const queries = useQueryClient();
  const [dialog, setDialog] = useState<'make' | ApiKey | null>(null);
  const pages = useCursors(account);
  const path = { id: account };
  const keys = useQuery({
    queryKey: ['keys', account, pages.cursor],
    queryFn: () => {
      const query = { limit: PAGE_SIZE, cursor: pages.cursor };
      return answered(api.GET('/accounts/{id}/keys', { params: { path, query } }));
    },
    placeholderData: keepPreviousData,
  });
  const next = keys.data?.next_cursor ?? null;
  return (
    <section className="card" aria-label="Keys">
      <div className="card-head">
        <h2>API keys</h2>
        <Button size="compact-xs" variant="default" onClick={() => setDialog('make')}>
          Make a key
        </Button>
      </div>
      {keys.error !== null && <Trouble error={keys.error} onRetry={() => void keys.refetch()} />}
      {keys.data === undefined && keys.error === null && <WaitingRows rows={2} />}
      {keys.data?.keys.length === 0 && (
        <Empty
          title="No key yet"
          command={`curl ${location.origin}/events -H "authorization: Bearer $KEY" \\\n  -H 'content-type: application/json' \\\n  -d '{"account_id":"${account}","type":"checkout.failed","timestamp":"${new Date().toISOString()}"}'`}
        >
          <p>Programs show a key. With one that may send, a tenant’s event is:</p>
        </Empty>
      )}
      {keys.data !== undefined && keys.data.keys.length > 0 && (
        <table className="list">
          <thead>
            <tr>
              <th scope="col">State</th>
              <th scope="col">Begins with</th>
              <th scope="col">May</th>
              <th scope="col">Until</th>
              <th scope="col">Last used</th>
              <th scope="col">Made</th>
              <th scope="col">Action</th>
            </tr>
          </thead>
          <tbody>
            {keys.data.keys.map((key) => (
              <Row key={key.id} apiKey={key} onRevoke={() => setDialog(key)} />
            ))}
          </tbody>
        </table>
      )}
      <Pager
        label="keys"
        back="Older"
        onward="Newer"
        onBack={pages.onBack}
        onOnward={next === null ? undefined : () => pages.onward(next)}
      />
      {dialog === 'make' && <KeyForm account={account} onClose={() => setDialog(null)} />}
      {dialog !== null && dialog !== 'make' && (
        <AskDialog
          title={`Revoke the key ${dialog.prefix}…?`}
          leave="Keep it"
          doIt="Revoke"
          onClose={() => setDialog(null)}
          onDo={async () => {
            const params = { path: { id: account, key_id: dialog.id } };
            await answered(api.DELETE('/accounts/{id}/keys/{key_id}', { params }));
            await queries.invalidateQueries({ queryKey: ['keys', account] });
            await queries.invalidateQueries({ queryKey: ['audit'] });
          }}
        >
          <p>
            Whoever uses it is refused from then on, within 20 seconds everywhere, and live streams that it
            opened end within 15. It was last used <Instant at={dialog.last_used_at} otherwise="never" />. A
            revoked key does not come back.
          </p>
        </AskDialog>
      )}
    </section>
  );
}

function Row({ apiKey, onRevoke }: { readonly apiKey: ApiKey; readonly onRevoke: () => void }): ReactNode {
  const { prefix, scopes, expires_at, revoked_at, last_used_at, created_at } = apiKey;
  const now = useNow();
  const isExpired = expires_at !== null && Date.parse(expires_at) <= now;
  return (
    <tr>
      <td>
        {revoked_at !== null && <StateMark tone="quiet" word="Revoked" />}
        {revoked_at === null && isExpired && <StateMark tone="quiet" word="Expired" icon="clock" />}
        {revoked_at === null && !isExpired && <StateMark tone="ok" word="Valid" />}
      </td>
      <td className="mono">{prefix}</td>
      <td data-label="May">{scopes.map((scope) => RIGHTS[scope].short).join(', ')}</td>
      <td data-label="Until">
        <Instant at={revoked_at ?? expires_at} otherwise="it is revoked" />
      </td>
      <td data-label="Last used">
        <Instant at={last_used_at} otherwise="never" />
      </td>
      <td data-label="Made">
        <Instant at={created_at} />
      </td>
      <td>
        {revoked_at === null && !isExpired && (
          <Button size="compact-xs" variant="default" aria-label={`Revoke ${prefix}`} onClick={onRevoke}>
            Revoke
          </Button>
        )}
      </td>
    </tr>
  );
}
