import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useSearchParams } from 'wouter';
import { answered, api } from '../../api/client';
import { useAccount } from '../../layout/account-choice';
import { useRefetchInterval } from '../../live/live';
import { Empty } from '../../parts/empty';
import { Pager } from '../../parts/pager';
import { Trouble } from '../../parts/trouble';
import { WaitingRows } from '../../parts/waiting';
import { Banner } from './banner';
import { OpenEvents } from './open-events';
import { ServiceRow } from './service-row';

const FIRST_STEPS = `curl ${location.origin}/monitors -H 'content-type: application/json' \\
  -d '{"name":"Checkout","url":"https://api.example.com/health"}'

curl -X POST ${location.origin}/ingest/pull-status`;

/** So many services are shown at a time. */
const ROWS = 50;

/** What is broken now, for whom, since when, and whether the page was delivered. */
export function NowPage(): ReactNode {
  const account = useAccount();
  const [search, setSearch] = useSearchParams();
  const [from, setFrom] = useState(0);
  const only = search.get('show') === 'trouble' ? 'trouble' : 'all';
  const text = search.get('q') ?? '';
  const refetchInterval = useRefetchInterval();
  const { data, error, refetch } = useQuery({
    queryKey: ['services', account],
    queryFn: ({ signal }) =>
      answered(api.GET('/services', { params: { query: { account_id: account } }, signal })),
    refetchInterval,
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

  if (data === undefined) {
    return error === null ? (
      <WaitingRows rows={6} height={64} />
    ) : (
      <Trouble error={error} onRetry={() => void refetch()} />
    );
  }
  const shown = data.services.filter(({ service, state }) => {
    return service.toLowerCase().includes(text.toLowerCase()) && (only === 'all' || state !== 'ok');
  });
  const first = from < shown.length ? from : 0;
  const rows = shown.slice(first, first + ROWS);
  return (
    <div className="stack">
      <Banner services={data} hasOldNews={error !== null} />
      {data.open_events.length > 0 && <OpenEvents events={data.open_events} total={data.open_total} />}
      <section className="card" aria-label="Services">
        <div className="filters">
          <TextInput
            label="Search services"
            value={text}
            onChange={(event) => put('q', event.currentTarget.value)}
          />
          <SegmentedControl
            aria-label="Which services"
            value={only}
            onChange={(value) => put('show', value === 'all' ? '' : value)}
            data={[
              { value: 'all', label: 'All' },
              { value: 'trouble', label: 'Not well' },
            ]}
          />
          <Button variant="default" onClick={() => put('wall', search.get('wall') === '1' ? '' : '1')}>
            {search.get('wall') === '1' ? 'Leave the wall' : 'Wall'}
          </Button>
        </div>
        {data.services.length === 0 ? (
          <Empty title="Nothing is watched yet" command={FIRST_STEPS}>
            <p>
              A service appears here once a monitor checks it, its status page is read, or it has an incident.
            </p>
          </Empty>
        ) : (
          <ul className="service-list">
            {rows.map((service) => (
              <ServiceRow
                key={service.service}
                service={service}
                until={data.generated_at}
                since={data.history_since}
              />
            ))}
          </ul>
        )}
        {shown.length === 0 && data.services.length > 0 && (
          <Empty title="No service fits">
            <p>{only === 'trouble' ? 'All of them are well.' : 'Change the search.'}</p>
          </Empty>
        )}
        <Pager
          label="services"
          back="Worse"
          onward="Better"
          onBack={first === 0 ? undefined : () => setFrom(first - ROWS)}
          onOnward={first + ROWS < shown.length ? () => setFrom(first + ROWS) : undefined}
        >
          {first + 1} to {first + rows.length} of {shown.length}, worst first
        </Pager>
        {data.services_total > data.services.length && (
          <p className="card-body quiet">
            These are the {data.services.length} worst of {data.services_total.toLocaleString('en')} services.
          </p>
        )}
      </section>
    </div>
  );
}
