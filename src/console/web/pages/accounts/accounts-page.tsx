import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode } from 'react';
import { Link, useSearchParams } from 'wouter';
import { answered, api } from '../../api/client';
import type { Account } from '../../api/types';
import { useAccount } from '../../layout/account-choice';
import { Empty } from '../../parts/empty';
import { Instant } from '../../parts/instant';
import { hrefOf } from '../../parts/links';
import { PageHead } from '../../parts/page-head';
import { Trouble } from '../../parts/trouble';
import { WaitingRows } from '../../parts/waiting';
import { useIdentity } from '../../session/session';
import { Keys } from './keys';
import { People } from './people';
import { SummaryCards } from './summary-cards';

const WINDOWS = ['1h', '24h', '7d', '30d'] as const;

const FIRST_ACCOUNT = `curl ${location.origin}/accounts -H "authorization: Bearer $ADMIN_TOKEN" \\
  -H 'content-type: application/json' -d '{"id":"acme","name":"Acme"}'`;

/** An account in numbers, its limits, its keys and its people; all accounts for operators. */
export function AccountsPage(): ReactNode {
  const account = useAccount();
  return account === undefined ? <AllAccounts /> : <OneAccount id={account} />;
}

function AllAccounts(): ReactNode {
  const { data, error, refetch } = useQuery({
    queryKey: ['accounts', 'list'],
    queryFn: () => answered(api.GET('/accounts', { params: { query: { limit: 100 } } })),
  });
  return (
    <>
      <PageHead title="Accounts">
        Whose events these are. Without a row an account has the default limits.
      </PageHead>
      <section className="card" aria-label="Accounts">
        {error !== null && <Trouble error={error} onRetry={() => void refetch()} />}
        {data === undefined && error === null && <WaitingRows rows={5} />}
        {data?.accounts.length === 0 && (
          <Empty title="No account has been made" command={FIRST_ACCOUNT}>
            <p>
              Until then everything is of the account{' '}
              <Link href="/console/accounts?account=default">default</Link>, and any account id may be posted
              for.
            </p>
          </Empty>
        )}
        {data !== undefined && data.accounts.length > 0 && (
          <table className="list">
            <thead>
              <tr>
                <th scope="col">Account</th>
                <th scope="col">Name</th>
                <th scope="col">Limit</th>
                <th scope="col">Burst</th>
                <th scope="col">Made</th>
              </tr>
            </thead>
            <tbody>
              {data.accounts.map((account) => (
                <tr key={account.id}>
                  <td>
                    <Link href={`/console/accounts?account=${account.id}`}>{account.id}</Link>
                  </td>
                  <td>
                    <bdi>{account.name}</bdi>
                  </td>
                  <td data-label="Limit">
                    {account.effective_limits.events_per_minute.toLocaleString('en')} events/min
                  </td>
                  <td data-label="Burst">{account.effective_limits.burst.toLocaleString('en')} events</td>
                  <td data-label="Made">
                    <Instant at={account.created_at} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {typeof data?.next_cursor === 'string' && (
          <p className="card-body quiet">The first 100. Name another one in “Account”.</p>
        )}
      </section>
    </>
  );
}

function OneAccount({ id }: { readonly id: string }): ReactNode {
  const { isOperator, role } = useIdentity();
  const [search, setSearch] = useSearchParams();
  const window = WINDOWS.find((one) => one === search.get('window')) ?? '24h';
  const summary = useQuery({
    queryKey: ['summary', id, window],
    queryFn: () =>
      answered(api.GET('/accounts/{id}/summary', { params: { path: { id }, query: { window } } })),
  });
  const account = useQuery({
    queryKey: ['accounts', id],
    queryFn: () => answered(api.GET('/accounts', { params: { query: { limit: 500 } } })),
    select: ({ accounts }) => accounts.find((one) => one.id === id),
    enabled: isOperator,
  });
  return (
    <div className="stack">
      <PageHead
        title={account.data === undefined ? id : <bdi>{account.data.name}</bdi>}
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
      {account.data !== undefined && (
        <Limits account={account.data} used={summary.data?.total} window={window} />
      )}
      {account.data !== undefined && <Keys account={id} />}
      {role === 'admin' && <People account={id} />}
    </div>
  );
}

function Limits({
  account,
  used,
  window,
}: {
  readonly account: Account;
  readonly used: number | undefined;
  readonly window: string;
}): ReactNode {
  const { effective_limits: limits } = account;
  return (
    <section className="card" aria-label="Limits">
      <div className="card-head">
        <h2>Limits and use</h2>
      </div>
      <dl className="facts card-body">
        <dt>Events per minute</dt>
        <dd>
          {limits.events_per_minute.toLocaleString('en')}
          {account.limits.events_per_minute === null && <span className="quiet"> (the default)</span>}
        </dd>
        <dt>At once, after a pause</dt>
        <dd>{limits.burst.toLocaleString('en')} events</dd>
        <dt>Received, {window}</dt>
        <dd>{used?.toLocaleString('en') ?? '–'} events</dd>
        <dt>Stripe endpoint of its own</dt>
        <dd>{account.stripe_configured ? 'yes' : 'no'}</dd>
      </dl>
    </section>
  );
}
