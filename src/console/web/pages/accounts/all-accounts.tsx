import { Button } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { answered, api } from '../../api/client';
import { Empty } from '../../parts/empty';
import { Icon } from '../../parts/icon';
import { Instant } from '../../parts/instant';
import { PageHead } from '../../parts/page-head';
import { Pager, useCursors } from '../../parts/pager';
import { Trouble } from '../../parts/trouble';
import { WaitingRows } from '../../parts/waiting';
import { AccountForm } from './account-form';
import { AuditLog } from './audit-log';

const PAGE_SIZE = 50;

const FIRST_ACCOUNT = `curl ${location.origin}/accounts -H "authorization: Bearer $ADMIN_TOKEN" \\
  -H 'content-type: application/json' -d '{"id":"acme","name":"Acme"}'`;

/** All accounts, and what was changed in any of them. */
export function AllAccounts(): ReactNode {
  const [isAdding, setIsAdding] = useState(false);
  const pages = useCursors('accounts');
  const { data, error, refetch } = useQuery({
    queryKey: ['accounts', 'list', pages.cursor],
    queryFn: () => {
      const query = { limit: PAGE_SIZE, cursor: pages.cursor };
      return answered(api.GET('/accounts', { params: { query } }));
    },
    placeholderData: keepPreviousData,
  });
  const next = data?.next_cursor ?? null;
  return (
    <div className="stack">
      <PageHead
        title="Accounts"
        actions={
          <Button
            size="compact-sm"
            leftSection={<Icon name="plus" size={14} />}
            onClick={() => setIsAdding(true)}
          >
            Add an account
          </Button>
        }
      >
        Whose events these are. An account is added to have keys, people and limits of its own. What vendors
        say is the account <Link href="/console/accounts?account=default">default</Link>’s.
      </PageHead>
      <section className="card" aria-label="Accounts">
        {error !== null && <Trouble error={error} onRetry={() => void refetch()} />}
        {data === undefined && error === null && <WaitingRows rows={5} />}
        {data?.accounts.length === 0 && (
          <Empty title="No account has been added" command={FIRST_ACCOUNT}>
            <p>“Add an account” does the same as:</p>
          </Empty>
        )}
        {data !== undefined && data.accounts.length > 0 && (
          <table className="list">
            <thead>
              <tr>
                <th scope="col">Account</th>
                <th scope="col">Name</th>
                <th scope="col">Limit</th>
                <th scope="col">At once</th>
                <th scope="col">Added</th>
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
                  <td data-label="At once">{account.effective_limits.burst.toLocaleString('en')} events</td>
                  <td data-label="Added">
                    <Instant at={account.created_at} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        <Pager
          label="accounts"
          back="Back"
          onward="More"
          onBack={pages.onBack}
          onOnward={next === null ? undefined : () => pages.onward(next)}
        />
      </section>
      <AuditLog account={undefined} />
      {isAdding && <AccountForm mayLimit onClose={() => setIsAdding(false)} />}
    </div>
  );
}
