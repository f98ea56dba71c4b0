import { Button, Group, Modal } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { answered, api } from '../../api/client';
import { CopyButton } from '../../parts/copy-button';
import { Instant } from '../../parts/instant';
import { Trouble } from '../../parts/trouble';
import { WaitingRows } from '../../parts/waiting';

type Scope = 'ingest' | 'read';

/** The keys of an account: made, shown once, revoked. */
export function Keys({ account }: { readonly account: string }): ReactNode {
  const queries = useQueryClient();
  const [revoking, setRevoking] = useState<{ readonly id: string; readonly prefix: string } | null>(null);
  const path = { id: account };
  const keys = useQuery({
    queryKey: ['keys', account],
    queryFn: () => answered(api.GET('/accounts/{id}/keys', { params: { path } })),
  });
  const make = useMutation({
    mutationFn: (scope: Scope) =>
      answered(api.POST('/accounts/{id}/keys', { params: { path }, body: { scopes: [scope] } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['keys', account] }),
  });
  return (
    <section className="card" aria-label="Keys">
      <div className="card-head">
        <h2>API keys</h2>
        <span className="row">
          <Button size="compact-xs" variant="default" onClick={() => make.mutate('ingest')}>
            New key to send events
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => make.mutate('read')}>
            New key to read
          </Button>
        </span>
      </div>
      {make.data !== undefined && (
        <div className="card-body" role="status">
          <p>This is the only time that the key is shown:</p>
          <div className="row">
            <code className="mono">{make.data.key}</code>
            <CopyButton text={make.data.key} label="Copy" />
          </div>
        </div>
      )}
      {make.error !== null && <Trouble error={make.error} />}
      {keys.error !== null && <Trouble error={keys.error} onRetry={() => void keys.refetch()} />}
      {keys.data === undefined && keys.error === null && <WaitingRows rows={2} />}
      {keys.data?.keys.length === 0 && <p className="card-body quiet">None yet.</p>}
      {keys.data !== undefined && keys.data.keys.length > 0 && (
        <table className="list">
          <thead>
            <tr>
              <th scope="col">Begins with</th>
              <th scope="col">May</th>
              <th scope="col">Last used</th>
              <th scope="col">Made</th>
              <th scope="col">Action</th>
            </tr>
          </thead>
          <tbody>
            {keys.data.keys.map(({ id, prefix, scopes, last_used_at, created_at }) => (
              <tr key={id}>
                <td className="mono">{prefix}</td>
                <td data-label="May">{scopes.join(', ')}</td>
                <td data-label="Last used">
                  <Instant at={last_used_at} otherwise="never" />
                </td>
                <td data-label="Made">
                  <Instant at={created_at} />
                </td>
                <td>
                  <Button
                    size="compact-xs"
                    variant="default"
                    aria-label={`Revoke ${prefix}`}
                    onClick={() => setRevoking({ id, prefix })}
                  >
                    Revoke
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {revoking !== null && (
        <RevokeDialog account={account} apiKey={revoking} onClose={() => setRevoking(null)} />
      )}
    </section>
  );
}

function RevokeDialog({
  account,
  apiKey,
  onClose,
}: {
  readonly account: string;
  readonly apiKey: { readonly id: string; readonly prefix: string };
  readonly onClose: () => void;
}): ReactNode {
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () =>
      answered(
        api.DELETE('/accounts/{id}/keys/{key_id}', { params: { path: { id: account, key_id: apiKey.id } } }),
      ),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['keys', account] });
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={`Revoke the key ${apiKey.prefix}…?`}>
      <p>
        Whoever uses it is refused from then on, within 20 seconds everywhere. A revoked key does not come
        back.
      </p>
      {revoke.error !== null && <Trouble error={revoke.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Keep it
        </Button>
        <Button color="red" loading={revoke.isPending} onClick={() => revoke.mutate()}>
          Revoke
        </Button>
      </Group>
    </Modal>
  );
}
