import './slos.css';
import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useRef, type ReactNode } from 'react';
import { Link, useSearchParams } from 'wouter';
import { answered, api } from '../../api/client';
import type { Slo } from '../../api/types';
import { useAccount } from '../../layout/account-choice';
import { Empty } from '../../parts/empty';
import { hrefOf } from '../../parts/links';
import { PageHead } from '../../parts/page-head';
import { Trouble } from '../../parts/trouble';
import { WaitingRows } from '../../parts/waiting';
import { Bands } from './bands';
import { SloList } from './slo-list';
import { fits, SHOWN, worstFirst } from './slo-order';
import { SLO_WORDS } from './slo-words';

const PAGE_SIZE = 500;

/** So many pages of the API are sorted: as many monitors as an account may have by default. */
const MOST_PAGES = 11;

/** So many objectives are shown at a time. */
const AT_A_TIME = 50;

/** Counts are stored once a minute. */
const REFETCH_MS = 60_000;

/** What is promised, the worst budget first. */
export function SlosPage(): ReactNode {
  const account = useAccount();
  const [search, setSearch] = useSearchParams();
  const list = useRef<HTMLElement>(null);
  const text = search.get('q') ?? '';
  const shown = SHOWN.find((one) => one === search.get('show')) ?? 'all';
  const slos = useInfiniteQuery({
    queryKey: ['slos', account],
    queryFn: ({ pageParam, signal }) => {
      const query = { account_id: account, limit: PAGE_SIZE, cursor: pageParam };
      return answered(api.GET('/slos', { params: { query }, signal }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }, pages) =>
      next_cursor === null || pages.length >= MOST_PAGES ? undefined : next_cursor,
    refetchInterval: REFETCH_MS,
  });
  const { hasNextPage, isFetching, isError, fetchNextPage } = slos;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage]);
  const put = (name: string, value: string): void => {
    setSearch(
      (params) => {
        params.delete('from');
        if (value === '') params.delete(name);
        else params.set(name, value);
        return params;
      },
      { replace: true },
    );
  };
  const all = slos.data?.pages.flatMap((page) => page.slos);
  const found = all?.filter((slo) => fits(slo, text, shown)).sort(worstFirst) ?? [];
  const turnTo = (place: number): void => {
    put('from', place > 0 ? String(place) : '');
    list.current?.scrollIntoView();
  };
  const from = placeOf(search.get('from'), found.length);

  return (
    <>
      <PageHead
        title="Service levels"
        actions={
          <Button component={Link} href={hrefOf('/console/report')} size="compact-sm" variant="default">
            Read the report
          </Button>
        }
      >
        What is promised{all === undefined ? '' : `: ${countsText(all)}`}
        {account === undefined ? '' : `, of the account ${account}`}.
      </PageHead>
      <section className="card" aria-label="Objectives" ref={list}>
        <div className="filters">
          <TextInput
            size="xs"
            label="Search"
            value={text}
            onChange={(event) => put('q', event.currentTarget.value)}
          />
          <SegmentedControl
            aria-label="Which objectives"
            className="slo-choice"
            value={shown}
            onChange={(value) => put('show', value === 'all' ? '' : value)}
            data={[
              { value: 'all', label: 'All' },
              { value: 'danger', label: 'In danger' },
              { value: 'no_data', label: 'No data' },
            ]}
          />
        </div>
        {slos.error !== null && <Trouble error={slos.error} onRetry={() => void slos.refetch()} />}
        {all === undefined && slos.error === null && <WaitingRows rows={8} height={56} />}
        {all?.length === 0 && <NoObjective account={account} />}
        {all !== undefined && all.length > 0 && found.length === 0 && (
          <Empty
            title={shown === 'danger' && text === '' ? 'No objective is in danger' : 'No objective fits'}
          />
        )}
        {found.length > 0 && <SloList slos={found.slice(from, from + AT_A_TIME)} />}
        {found.length > AT_A_TIME && (
          <div className="slo-pager">
            <span role="status">
              {from + 1} to {Math.min(found.length, from + AT_A_TIME)} of {found.length}, the worst first
            </span>
            <span className="row">
              <Button
                size="compact-sm"
                variant="default"
                disabled={from === 0}
                onClick={() => turnTo(from - AT_A_TIME)}
              >
                Worse ones
              </Button>
              <Button
                size="compact-sm"
                variant="default"
                disabled={from + AT_A_TIME >= found.length}
                onClick={() => turnTo(from + AT_A_TIME)}
              >
                Better ones
              </Button>
            </span>
          </div>
        )}
      </section>
      <Bands />
    </>
  );
}

function NoObjective({ account }: { readonly account: string | undefined }): ReactNode {
  const owner = account ?? 'acme';
  const file = `objectives:
  - id: events-availability
    account: ${owner}
    objective: 0.999
    window: 30d`;
  return (
    <Empty title={`Nothing is promised to ${account ?? 'anybody'} yet`} command={file}>
      <p>
        Each monitor brings an objective of its own: <Link href={hrefOf('/console/monitors')}>add one</Link>.
        Others stand in the file that SLOS_FILE names, which is read at the start:
      </p>
    </Empty>
  );
}

/** The first place of a stretch that there is. */
function placeOf(from: string | null, count: number): number {
  const wanted = Number.parseInt(from ?? '0', 10);
  if (!(wanted > 0) || wanted >= count) return 0;
  return wanted - (wanted % AT_A_TIME);
}

function countsText(slos: readonly Slo[]): string {
  const parts = Object.entries(SLO_WORDS).flatMap(([state, { word }]) => {
    const count = slos.filter((slo) => slo.state === state).length;
    return count === 0 ? [] : [`${count} ${state === 'ok' ? word : word.toLowerCase()}`];
  });
  return parts.join(', ') || 'nothing';
}
