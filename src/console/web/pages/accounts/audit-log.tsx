import { Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useSearchParams } from 'wouter';
import { answered, api } from '../../api/client';
import type { AuditEntry } from '../../api/types';
import { Instant } from '../../parts/instant';
import { Pager, useCursors } from '../../parts/pager';
import { Trouble } from '../../parts/trouble';
import { WaitingRows } from '../../parts/waiting';
import { ACTIONS, actionWords, actorWords, shownChanges } from './audit-words';

const PAGE_SIZE = 25;
const TYPING_MS = 300;

/** Who changed what, newest first: in one account, or in all and the whole service. */
export function AuditLog({ account }: { readonly account: string | undefined }): ReactNode {
  const [search, setSearch] = useSearchParams();
  const action = ACTIONS.find((one) => one === search.get('did'));
  const by = search.get('by') ?? undefined;
  const pages = useCursors(`${account} ${action} ${by}`);
  const { data, error, refetch } = useQuery({
    queryKey: ['audit', account, action, by, pages.cursor],
    queryFn: () => {
      const query = { account_id: account, action, by, limit: PAGE_SIZE, cursor: pages.cursor };
      return answered(api.GET('/audit', { params: { query } }));
    },
    placeholderData: keepPreviousData,
  });
  const put = (name: string, value: string | null): void => {
    setSearch(
      (params) => {
        if (value === null || value === '') params.delete(name);
        else params.set(name, value);
        return params;
      },
      { replace: true },
    );
  };
  const later = useDebouncedCallback((text: string) => put('by', text.trim()), TYPING_MS);
  const next = data?.next_cursor ?? null;
  const isNarrowed = action !== undefined || by !== undefined;
  return (
    <section className="card" aria-label="Audit log">
      <div className="card-head">
        <h2>Who changed what</h2>
        <span className="quiet small">newest first</span>
      </div>
      <div className="filters">
        <Select
          size="xs"
          label="What was done"
          placeholder="Anything"
          clearable
          searchable
          value={action ?? null}
          onChange={(value) => put('did', value)}
          data={ACTIONS.map((one) => ({ value: one, label: actionWords(one) }))}
        />
        <TextInput
          size="xs"
          label="By"
          placeholder="E-mail or key’s beginning, exactly"
          defaultValue={by}
          onChange={(event) => later(event.currentTarget.value)}
        />
      </div>
      {error !== null && <Trouble error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <WaitingRows rows={3} />}
      {data?.entries.length === 0 && (
        <p className="card-body quiet">{isNarrowed ? 'Nothing fits.' : 'Nothing was changed yet.'}</p>
      )}
      {data !== undefined && data.entries.length > 0 && (
        <table className="list">
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Who</th>
              <th scope="col">What</th>
              <th scope="col">How it changed</th>
            </tr>
          </thead>
          <tbody>
            {data.entries.map((entry) => (
              <Row key={entry.id} entry={entry} isOfAll={account === undefined} />
            ))}
          </tbody>
        </table>
      )}
      <Pager
        label="the audit log"
        back="Newer"
        onward="Older"
        onBack={pages.onBack}
        onOnward={next === null ? undefined : () => pages.onward(next)}
      />
    </section>
  );
}

function Row({ entry, isOfAll }: { readonly entry: AuditEntry; readonly isOfAll: boolean }): ReactNode {
  const { at, by, address, action, subject, account_id, request_id, changes } = entry;
  const { lines, more } = shownChanges(changes);
  return (
    <tr>
      <td>
        <Instant at={at} />
      </td>
      <td>
        <bdi>{actorWords(by)}</bdi>
        {address !== null && (
          <div className="small quiet" title={request_id === null ? undefined : `Request id ${request_id}`}>
            from {address}
          </div>
        )}
      </td>
      <td>
        {actionWords(action)}
        <div className="small quiet">
          <bdi>{subject.slice(0, 120)}</bdi>
          {isOfAll && (account_id === null ? ' · the whole service' : ` · ${account_id}`)}
        </div>
      </td>
      <td className="small">
        {lines.map(({ name, from, to }) => (
          <div key={name}>
            <span className="quiet">{name}</span> {from !== null && <del className="quiet">{from}</del>}{' '}
            {to !== null && <ins style={{ textDecoration: 'none' }}>{to}</ins>}
          </div>
        ))}
        {more > 0 && <div className="quiet">and {more} more</div>}
      </td>
    </tr>
  );
}
