import { Button, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useSearchParams } from 'wouter';
import { answered, api } from '../../api/client';
import { useAccount } from '../../layout/account-choice';
import { useLiveState, useRefetchInterval, useRevisions } from '../../live/live';
import { Empty } from '../../parts/empty';
import { PageHead } from '../../parts/page-head';
import { Trouble } from '../../parts/trouble';
import { WaitingRows } from '../../parts/waiting';
import { readFilter, SPANS, type EventFilter, type Span } from './event-filter';
import { EventList } from './event-list';

const PAGE_SIZE = 100;

const FIRST_EVENT = `curl ${location.origin}/events -H 'content-type: application/json' -d '{
  "event_id": "order-4711", "account_id": "acme", "type": "checkout.failed",
  "kind": "incident", "severity": "critical", "timestamp": "${new Date().toISOString()}",
  "metadata": {"message": "503 from the bank"}}'`;

/** What happened, newest first. */
export function EventsPage(): ReactNode {
  const account = useAccount();
  const queries = useQueryClient();
  const [search] = useSearchParams();
  const filter = readFilter(search);
  const { text, span, ...asked } = filter;
  const queryKey = ['events', account, asked, span];
  const [fresh, setFresh] = useState(0);
  const isLive = useLiveState() === 'live';
  const refetchInterval = useRefetchInterval();
  const events = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => {
      const since = sinceOf(span);
      const query = { ...asked, since, account_id: account, limit: PAGE_SIZE, cursor: pageParam };
      return answered(api.GET('/events', { params: { query }, signal }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
    // Where nothing tells what is new, the list is read anew.
    refetchInterval: isLive ? false : refetchInterval,
    placeholderData: keepPreviousData,
  });
  useRevisions(({ account_id }) => {
    if (account === undefined || account === account_id) setFresh((count) => count + 1);
  });
  const showFresh = (): void => {
    setFresh(0);
    void queries.invalidateQueries({ queryKey });
  };
  // Who asks for what is new gets it at once, and from its beginning.
  const [asks, setAsks] = useState(0);
  const jumpToFresh = (): void => {
    setAsks((count) => count + 1);
    showFresh();
  };
  const rows = (events.data?.pages ?? [])
    .flatMap((page) => page.events)
    .filter((event) => fits(`${event.summary} ${event.event_id} ${event.type}`, text));

  return (
    <>
      <PageHead
        title="Events"
        actions={
          <span role="status">
            {fresh > 0 && (
              <Button size="compact-sm" onClick={jumpToFresh}>
                Show {fresh} new
              </Button>
            )}
          </span>
        }
      >
        Everything that came in, newest first.
      </PageHead>
      <section className="card" aria-label="Events">
        <Filters filter={filter} />
        {events.error !== null && <Trouble error={events.error} onRetry={() => void events.refetch()} />}
        {events.data === undefined && events.error === null && <WaitingRows rows={10} />}
        {events.data !== undefined && rows.length === 0 && (
          <Empty title="No event fits" command={search.size === 0 ? FIRST_EVENT : undefined}>
            <p>{search.size === 0 ? 'Send the first one:' : 'Take a filter away, or look further back.'}</p>
          </Empty>
        )}
        {rows.length > 0 && (
          <EventList
            key={JSON.stringify([queryKey, text, asks])}
            events={rows}
            hasMore={events.hasNextPage}
            isLoadingMore={events.isFetchingNextPage}
            onEnd={() => void events.fetchNextPage()}
            onTop={fresh > 0 ? showFresh : undefined}
          />
        )}
      </section>
    </>
  );
}

function sinceOf(span: Span | undefined): string | undefined {
  return span === undefined ? undefined : new Date(Date.now() - SPANS[span]).toISOString();
}

function fits(haystack: string, text: string): boolean {
  return haystack.toLowerCase().includes(text.toLowerCase());
}

function Filters({ filter }: { readonly filter: EventFilter }): ReactNode {
  const [, setSearch] = useSearchParams();
  const put = (name: string, value: string | null): void => {
    setSearch(
      (search) => {
        if (value === null || value === '') search.delete(name);
        else search.set(name, value);
        return search;
      },
      { replace: true },
    );
  };
  const words = (...list: string[]): { value: string; label: string }[] =>
    list.map((word) => ({ value: word, label: word.charAt(0).toUpperCase() + word.slice(1) }));
  return (
    <div className="filters" role="search">
      <TextInput
        size="xs"
        label="Find"
        placeholder="In what is loaded"
        defaultValue={filter.text}
        onChange={(event) => put('q', event.currentTarget.value)}
      />
      <Select
        size="xs"
        label="Severity"
        placeholder="Any"
        clearable
        value={filter.severity ?? null}
        onChange={(value) => put('severity', value)}
        data={words('critical', 'warning', 'info')}
      />
      <Select
        size="xs"
        label="Kind"
        placeholder="Any"
        clearable
        value={filter.kind ?? null}
        onChange={(value) => put('kind', value)}
        data={words('incident', 'status', 'payment', 'activity')}
      />
      <Select
        size="xs"
        label="State"
        placeholder="Any"
        clearable
        value={filter.open ?? null}
        onChange={(value) => put('open', value)}
        data={[
          { value: 'true', label: 'Open' },
          { value: 'false', label: 'Over' },
        ]}
      />
      <Word name="service" label="Service" value={filter.service} onPut={put} />
      <Word name="source" label="Source" value={filter.source} onPut={put} />
      <Select
        size="xs"
        label="Received within"
        placeholder="Any time"
        clearable
        value={filter.span ?? null}
        onChange={(value) => put('span', value)}
        data={[
          { value: '1h', label: '1 hour' },
          { value: '24h', label: '24 hours' },
          { value: '7d', label: '7 days' },
          { value: '30d', label: '30 days' },
        ]}
      />
    </div>
  );
}

const TYPING_MS = 300;

function Word({
  name,
  label,
  value,
  onPut,
}: {
  readonly name: string;
  readonly label: string;
  readonly value: string | undefined;
  readonly onPut: (name: string, value: string) => void;
}): ReactNode {
  const later = useDebouncedCallback((text: string) => onPut(name, text), TYPING_MS);
  return (
    <TextInput
      size="xs"
      label={label}
      placeholder="Any, exactly"
      defaultValue={value}
      onChange={(event) => later(event.currentTarget.value)}
    />
  );
}
