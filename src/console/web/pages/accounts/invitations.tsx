import { Button } from '@mantine/core';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { answered, api } from '../../api/client';
import type { Invitation } from '../../api/types';
import { AskDialog } from '../../parts/ask-dialog';
import { Instant, useNow } from '../../parts/instant';
import { Pager, useCursors } from '../../parts/pager';
import { StateMark, type StateWord } from '../../parts/state-mark';
import { Trouble } from '../../parts/trouble';

const PAGE_SIZE = 10;

/** Who was invited to an account, and what became of it; nothing where nobody was. */
export function Invitations({ account }: { readonly account: string }): ReactNode {
  const queries = useQueryClient();
  const now = useNow();
  const [revoking, setRevoking] = useState<Invitation | null>(null);
  const pages = useCursors(account);
  const { data, error, refetch } = useQuery({
    queryKey: ['invitations', account, pages.cursor],
    queryFn: () => {
      const params = { path: { id: account }, query: { limit: PAGE_SIZE, cursor: pages.cursor } };
      return answered(api.GET('/accounts/{id}/invitations', { params }));
    },
    placeholderData: keepPreviousData,
  });
  if (error !== null) return <Trouble error={error} onRetry={() => void refetch()} />;
  if (data === undefined || data.invitations.length === 0) return null;
  const next = data.next_cursor;
  return (
    <section className="card" aria-label="Invitations">
      <div className="card-head">
        <h2>Invitations</h2>
      </div>
      <table className="list">
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">E-mail</th>
            <th scope="col">Role</th>
            <th scope="col">Invited by</th>
            <th scope="col">Until</th>
            <th scope="col">Action</th>
          </tr>
        </thead>
        <tbody>
          {data.invitations.map((invitation) => {
            const { word, at } = stateOf(invitation, now);
            return (
              <tr key={invitation.id}>
                <td>
                  <StateMark {...word} />
                </td>
                <td>
                  <bdi>{invitation.email}</bdi>
                </td>
                <td data-label="Role">{invitation.role}</td>
                <td data-label="Invited by">
                  <bdi>{invitation.invited_by.replace('admin_token', 'ADMIN_TOKEN')}</bdi>
                </td>
                <td data-label={word.word === 'Open' ? 'Until' : word.word}>
                  <Instant at={at} />
                </td>
                <td>
                  {word.word === 'Open' && (
                    <Button
                      size="compact-xs"
                      variant="default"
                      aria-label={`Revoke the invitation of ${invitation.email}`}
                      onClick={() => setRevoking(invitation)}
                    >
                      Revoke
                    </Button>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <Pager
        label="invitations"
        back="Older"
        onward="Newer"
        onBack={pages.onBack}
        onOnward={next === null ? undefined : () => pages.onward(next)}
      />
      {revoking !== null && (
        <AskDialog
          title={`Revoke the invitation of ${revoking.email}?`}
          leave="Keep it"
          doIt="Revoke"
          onClose={() => setRevoking(null)}
          onDo={async () => {
            const params = { path: { id: account, invitation_id: revoking.id } };
            await answered(api.DELETE('/accounts/{id}/invitations/{invitation_id}', { params }));
            await queries.invalidateQueries({ queryKey: ['invitations', account] });
            await queries.invalidateQueries({ queryKey: ['audit'] });
          }}
        >
          <p>Its link opens nothing any more. You can invite the same address again.</p>
        </AskDialog>
      )}
    </section>
  );
}

function stateOf(
  { accepted_at, revoked_at, expires_at }: Invitation,
  now: number,
): { readonly word: StateWord; readonly at: string } {
  if (accepted_at !== null) return { word: { tone: 'ok', word: 'Accepted' }, at: accepted_at };
  if (revoked_at !== null) return { word: { tone: 'quiet', word: 'Revoked' }, at: revoked_at };
  if (Date.parse(expires_at) <= now) {
    return { word: { tone: 'quiet', word: 'Expired', icon: 'clock' }, at: expires_at };
  }
  return { word: { tone: 'maintenance', word: 'Open', icon: 'clock' }, at: expires_at };
}
