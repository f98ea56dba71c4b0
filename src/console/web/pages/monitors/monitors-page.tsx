import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { useSearchParams } from 'wouter';
import { answered, api } from '../../api/client';
import type { Monitor, MonitorState } from '../../api/types';
import { useAccount } from '../../layout/account-choice';
import { useRefetchInterval } from '../../live/live';
import { Empty } from '../../parts/empty';
import { Icon } from '../../parts/icon';
import { PageHead } from '../../parts/page-head';
import { Trouble } from '../../parts/trouble';
import { WaitingRows } from '../../parts/waiting';
import { useIdentity } from '../../session/session';
import { MonitorForm } from './monitor-form';
import { MonitorList } from './monitor-list';

const PAGE_SIZE = 500;

/** As many monitors are sorted as an account may have by default. */
const MOST_PAGES = 10;

const WORST_FIRST: readonly MonitorState[] = ['down', 'degraded', 'unknown', 'up', 'paused'];

const FIRST_MONITOR = `curl ${location.origin}/monitors -H 'content-type: application/json' \\
  -d '{"name":"Checkout","url":"https://api.example.com/health"}'`;

/** What is watched, the worst first. */
export function MonitorsPage(): ReactNode {
  const account = useAccount() ?? 'default';
  const { role } = useIdentity();
  const [search, setSearch] = useSearchParams();
  const [isAdding, setIsAdding] = useState(false);
  const text = search.get('q') ?? '';
  const only = search.get('show') === 'trouble' ? 'trouble' : 'all';
  const refetchInterval = useRefetchInterval();
  const monitors = useInfiniteQuery({
    queryKey: ['monitors', account],
    queryFn: ({ pageParam, signal }) => {
      const query = { account_id: account, limit: PAGE_SIZE, cursor: pageParam };
      return answered(api.GET('/monitors', { params: { query }, signal }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }, pages) =>
      next_cursor === null || pages.length >= MOST_PAGES ? undefined : next_cursor,
    refetchInterval,
  });
  const { hasNextPage, isFetching, fetchNextPage } = monitors;
  useEffect(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  const put = (name: string, value: string): void => {
    setSearch(
      (params) => {
        if (value === '') params.delete(name);
        else params.set(name, value);
        return params;
      },
      { replace: true },
    );
  };
  const all = monitors.data?.pages.flatMap((page) => page.monitors);
  const shown = all?.filter((monitor) => fits(monitor, text, only)).sort(worstFirst) ?? [];

  return (
    <>
      <PageHead
        title="Monitors"
        actions={
          role === 'admin' && (
            <Button
              size="compact-sm"
              leftSection={<Icon name="plus" size={14} />}
              onClick={() => setIsAdding(true)}
            >
              Add a monitor
            </Button>
          )
        }
      >
        Our own checks{all === undefined ? '' : `: ${countsText(all)}`}, of the account {account}.
      </PageHead>
      <section className="card" aria-label="Monitors">
        <div className="filters">
          <TextInput
            size="xs"
            label="Search"
            value={text}
            onChange={(event) => put('q', event.currentTarget.value)}
          />
          <SegmentedControl
            aria-label="Which monitors"
            value={only}
            onChange={(value) => put('show', value === 'all' ? '' : value)}
            data={[
              { value: 'all', label: 'All' },
              { value: 'trouble', label: 'Not up' },
            ]}
          />
        </div>
        {monitors.error !== null && (
          <Trouble error={monitors.error} onRetry={() => void monitors.refetch()} />
        )}
        {all === undefined && monitors.error === null && <WaitingRows rows={8} />}
        {all?.length === 0 && (
          <Empty title="No monitor yet" command={FIRST_MONITOR}>
            <p>
              A monitor asks a URL, or waits for a job to call in, and opens an incident when that goes wrong.
            </p>
          </Empty>
        )}
        {all !== undefined && all.length > 0 && shown.length === 0 && <Empty title="No monitor fits" />}
        {shown.length > 0 && <MonitorList monitors={shown} />}
      </section>
      {isAdding && <MonitorForm account={account} onClose={() => setIsAdding(false)} />}
    </>
  );
}

function fits({ name, service, state, url = '' }: Monitor, text: string, only: 'all' | 'trouble'): boolean {
  const isFound = `${name} ${service ?? ''} ${url}`.toLowerCase().includes(text.toLowerCase());
  return isFound && (only === 'all' || (state !== 'up' && state !== 'paused'));
}

function worstFirst(one: Monitor, other: Monitor): number {
  const byState = WORST_FIRST.indexOf(one.state) - WORST_FIRST.indexOf(other.state);
  return byState !== 0 ? byState : one.name.localeCompare(other.name);
}

function countsText(monitors: readonly Monitor[]): string {
  const count = (state: MonitorState): number => monitors.filter((one) => one.state === state).length;
  const parts = WORST_FIRST.map((state) => ({ state, number: count(state) })).filter(
    ({ number }) => number > 0,
  );
  return (
    parts
      .map(({ state, number }) => `${number} ${state === 'unknown' ? 'cannot be told' : state}`)
      .join(', ') || 'none'
  );
}
