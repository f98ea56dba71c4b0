import { Button, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Link, useSearchParams } from 'wouter';
import { answered, api } from '../../api/client';
import type { Account } from '../../api/types';
import { useRefetchInterval } from '../../live/live';
import { Empty } from '../../parts/empty';
import { hrefOf } from '../../parts/links';
import { PageHead } from '../../parts/page-head';
import { Trouble } from '../../parts/trouble';
import { WaitingRows } from '../../parts/waiting';
import { useIdentity } from '../../session/session';
import { AccountForm } from './account-form';
import { AuditLog } from './audit-log';
import { DeleteAccountDialog } from './delete-account-dialog';
import { InvitationForm } from './invitation-form';
import { Invitations } from './invitations';
import { Keys } from './keys';
import { Limits } from './limits';
import { People } from './people';
import { PublicPageCard } from './public-page-card';
import { SummaryCards } from './summary-cards';

const WINDOWS = ['1h', '24h', '7d', '30d'] as const;

/** One account: what happened in it, what it may, who belongs to it, and who changed what. */
export function OneAccount({ id }: { readonly id: string }): ReactNode {
  const { isOperator, role } = useIdentity();
  const [search, setSearch] = useSearchParams();
  const [dialog, setDialog] = useState<'add' | 'change' | 'delete' | 'invite' | null>(null);
  const window = WINDOWS.find((one) => one === search.get('window')) ?? '24h';
  const refetchInterval = useRefetchInterval();
  const summary = useQuery({
    queryKey: ['summary', id, window],
    queryFn: () =>
      answered(api.GET('/accounts/{id}/summary', { params: { path: { id }, query: { window } } })),
    refetchInterval,
  });
  const account = useQuery({
    queryKey: ['account', id],
    queryFn: () => (isOperator ? accountIfAdded(id) : ownAccount(id)),
  });
  const added = account.data ?? undefined;
  const isOurs = added !== undefined && role === 'admin';
  const close = (): void => setDialog(null);
  return (
    <div className="stack">
      <PageHead
        title={added === undefined ? id : <bdi>{added.name}</bdi>}
        actions={
          <SegmentedControl
            aria-label="How far back"
            size="xs"
            value={window}
            onChange={(value) =>
              setSearch(
                (params) => {
                  params.set('window', value);
                  return params;
                },
                { replace: true },
              )
            }
            data={[...WINDOWS]}
          />
        }
      >
        The account <b>{id}</b> · <Link href={hrefOf('/console/events')}>its events</Link>
      </PageHead>
      {summary.error !== null && <Trouble error={summary.error} onRetry={() => void summary.refetch()} />}
      {summary.data === undefined && summary.error === null && <WaitingRows rows={4} />}
      {summary.data !== undefined && <SummaryCards summary={summary.data} />}
      {account.error !== null && <Trouble error={account.error} onRetry={() => void account.refetch()} />}
      {account.data === null && (
        <section className="card" aria-label="Limits">
          <Empty title="It was never added">
            <p>So it has the default limits, and neither keys nor people of its own.</p>
            {isOperator && (
              <Button size="compact-sm" onClick={() => setDialog('add')}>
                Add the account {id}
              </Button>
            )}
          </Empty>
        </section>
      )}
      {added !== undefined && (
        <Limits
          account={added}
          summary={summary.data}
          onChange={role === 'admin' ? () => setDialog('change') : undefined}
          onDelete={isOperator ? () => setDialog('delete') : undefined}
        />
      )}
      {isOurs && <Keys account={id} />}
      {isOurs && <People account={id} onInvite={() => setDialog('invite')} />}
      {isOurs && <Invitations account={id} />}
      <PublicPageCard account={id} mayChange={role === 'admin'} />
      {role === 'admin' && <AuditLog account={id} />}
      {dialog === 'add' && <AccountForm id={id} mayLimit={isOperator} onClose={close} />}
      {dialog === 'change' && added !== undefined && (
        <AccountForm account={added} mayLimit={isOperator} onClose={close} />
      )}
      {dialog === 'delete' && <DeleteAccountDialog id={id} onClose={close} />}
      {dialog === 'invite' && <InvitationForm account={id} onClose={close} />}
    </div>
  );
}

/** Null where it was never added, which is not a fault: it can be posted for all the same. */
async function accountIfAdded(id: string): Promise<Account | null> {
  const { accounts } = await answered(api.GET('/accounts', { params: { query: { id } } }));
  return accounts[0] ?? null;
}

function ownAccount(id: string): Promise<Account | null> {
  return answered(api.GET('/accounts/{id}', { params: { path: { id } } }));
}
