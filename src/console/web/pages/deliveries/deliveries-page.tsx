import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useSearchParams } from 'wouter';
import { answered, api } from '../../api/client';
import type { DeliveryStatus } from '../../api/types';
import { useAccount } from '../../layout/account-choice';
import { useRefetchInterval } from '../../live/live';
import { Empty } from '../../parts/empty';
import { PageHead } from '../../parts/page-head';
import { Pager, useCursors } from '../../parts/pager';
import { Trouble } from '../../parts/trouble';
import { WaitingRows } from '../../parts/waiting';
import { useIdentity } from '../../session/session';
import { Breakers } from './breakers';
import { DeliveryTable } from './delivery-table';
import { PathTest } from './path-test';
import { ReplayManyDialog } from './replay-many-dialog';

const PAGE_SIZE = 50;
const TYPING_MS = 300;
const STATUSES: readonly DeliveryStatus[] = ['pending', 'dead', 'delivered', 'skipped'];

/** What was sent, what waits, what failed for good, and sending it again. */
export function DeliveriesPage(): ReactNode {
  const account = useAccount();
  const { role } = useIdentity();
  const [search, setSearch] = useSearchParams();
  const [dialog, setDialog] = useState<'replay' | 'test' | null>(null);
  const status = STATUSES.find((one) => one === search.get('status'));
  const destination = search.get('destination') ?? undefined;
  const refetchInterval = useRefetchInterval();
  const pages = useCursors(`${account} ${status} ${destination}`);
  const { cursor } = pages;
  const deliveries = useQuery({
    queryKey: ['deliveries', account, status, destination, cursor],
    queryFn: ({ signal }) => {
      const query = { account_id: account, status, destination, limit: PAGE_SIZE, cursor };
      return answered(api.GET('/deliveries', { params: { query }, signal }));
    },
    refetchInterval,
    placeholderData: keepPreviousData,
  });
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
  const later = useDebouncedCallback((text: string) => put('destination', text), TYPING_MS);
  const rows = deliveries.data?.deliveries;
  const next = deliveries.data?.next_cursor ?? null;

  return (
    <div className="stack">
      <PageHead
        title="Deliveries"
        actions={
          role !== 'viewer' && (
            <>
              <Button size="compact-sm" variant="default" onClick={() => setDialog('replay')}>
                Replay all dead
              </Button>
              <Button size="compact-sm" onClick={() => setDialog('test')}>
                Test the whole path
              </Button>
            </>
          )
        }
      >
        Pages and all-clears: on the way, delivered, given up, and why.
      </PageHead>
      <Breakers />
      <section className="card" aria-label="Deliveries">
        <div className="filters">
          <SegmentedControl
            aria-label="Status"
            size="xs"
            style={{ flex: '1 1 19rem', maxWidth: 'none' }}
            value={status ?? ''}
            onChange={(value) => put('status', value)}
            data={[
              { value: '', label: 'All' },
              { value: 'pending', label: 'Pending' },
              { value: 'dead', label: 'Dead' },
              { value: 'delivered', label: 'Delivered' },
              { value: 'skipped', label: 'Skipped' },
            ]}
          />
          <TextInput
            size="xs"
            label="Destination"
            placeholder="Any, exactly"
            defaultValue={destination}
            onChange={(event) => later(event.currentTarget.value)}
          />
        </div>
        {deliveries.error !== null && (
          <Trouble error={deliveries.error} onRetry={() => void deliveries.refetch()} />
        )}
        {rows === undefined && deliveries.error === null && <WaitingRows rows={8} />}
        {rows?.length === 0 && (
          <Empty title={status === 'dead' ? 'Nothing is dead' : 'No delivery fits'}>
            <p>
              {status === 'dead'
                ? 'Every page that was to be sent was sent, or is still being tried.'
                : 'Critical events make deliveries. “Test the whole path” sends one.'}
            </p>
          </Empty>
        )}
        {rows !== undefined && rows.length > 0 && (
          <DeliveryTable deliveries={rows} mayReplay={role !== 'viewer'} />
        )}
        <Pager
          label="deliveries"
          back="Newer"
          onward="Older"
          onBack={pages.onBack}
          onOnward={next === null ? undefined : () => pages.onward(next)}
        />
      </section>
      {dialog === 'replay' && (
        <ReplayManyDialog account={account} destination={destination} onClose={() => setDialog(null)} />
      )}
      {dialog === 'test' && <PathTest onClose={() => setDialog(null)} />}
    </div>
  );
}
