import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Fragment, useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { answered, api } from '../../api/client';
import type { Sources } from '../../api/types';
import { useAccount } from '../../layout/account-choice';
import { useRefetchInterval } from '../../live/live';
import { Empty } from '../../parts/empty';
import { Instant } from '../../parts/instant';
import { hrefOf } from '../../parts/links';
import { PageHead } from '../../parts/page-head';
import { Pager } from '../../parts/pager';
import { MONITOR_WORDS, StateMark } from '../../parts/state-mark';
import { Trouble } from '../../parts/trouble';
import { WaitingRows } from '../../parts/waiting';
import { useIdentity } from '../../session/session';

type PageSource = Sources['pages'][number];

const ADD_PAGE = `STATUS_PAGES=github=https://www.githubstatus.com/api/v2/summary.json npm start`;

/** Where signals come from, and whether they come. */
export function SourcesPage(): ReactNode {
  const account = useAccount();
  const refetchInterval = useRefetchInterval();
  const { data, error, refetch } = useQuery({
    queryKey: ['sources', account],
    queryFn: ({ signal }) =>
      answered(api.GET('/sources', { params: { query: { account_id: account } }, signal })),
    refetchInterval,
  });
  return (
    <div className="stack">
      <PageHead title="Sources" actions={<PullButton />}>
        Where signals come from, and whether they come. What cannot be read is never taken for recovered.
      </PageHead>
      {error !== null && <Trouble error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <WaitingRows rows={4} />}
      {data !== undefined && (
        <>
          <Pages pages={data.pages} />
          <Stripe stripe={data.stripe} />
          <Monitors monitors={data.monitors} />
        </>
      )}
    </div>
  );
}

function PullButton(): ReactNode {
  const { isOperator } = useIdentity();
  const queries = useQueryClient();
  const pull = useMutation({
    mutationFn: () => answered(api.POST('/ingest/pull-status')),
    onSettled: () => queries.invalidateQueries(),
  });
  if (!isOperator) return null;
  return (
    <>
      <Button size="compact-sm" variant="default" loading={pull.isPending} onClick={() => pull.mutate()}>
        Read all pages now
      </Button>
      <span role="status" className="small quiet">
        {pull.data !== undefined &&
          `${pull.data.stored} new, ${pull.data.updated} changed, ${pull.data.resolved} resolved`}
        {pull.error?.message}
      </span>
    </>
  );
}

/** So many pages are shown at a time. */
const ROWS = 50;

function Pages({ pages }: { readonly pages: readonly PageSource[] }): ReactNode {
  const [from, setFrom] = useState(0);
  const first = from < pages.length ? from : 0;
  const shown = pages.toSorted(worstFirst).slice(first, first + ROWS);
  return (
    <section className="card" aria-label="Status pages">
      <div className="card-head">
        <h2>Status pages</h2>
      </div>
      {pages.length === 0 ? (
        <Empty title="No page is read for this account" command={ADD_PAGE}>
          <p>Pages are the operator’s, in STATUS_PAGES; their events are those of the account “default”.</p>
        </Empty>
      ) : (
        <table className="list">
          <thead>
            <tr>
              <th scope="col">Reading</th>
              <th scope="col">Page</th>
              <th scope="col">Last read</th>
              <th scope="col">Last change</th>
              <th scope="col">Next read</th>
              <th scope="col">Why not</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((page) => (
              <tr key={page.page}>
                <td>
                  <Reading page={page} />
                </td>
                <td>
                  <Link href={hrefOf('/console/events', { source: page.source })}>{page.page}</Link>
                </td>
                <td data-label="Last read">
                  <Instant at={page.last_success_at} otherwise="never" />
                </td>
                <td data-label="Last change">
                  <Instant at={page.last_change_at} otherwise="never" />
                </td>
                <td data-label="Next read">
                  <Instant at={page.next_poll_at} otherwise="on request" />
                </td>
                <td className="small">
                  {page.last_error_code !== null && page.failing_since !== null && (
                    <>
                      <div className="mono">{page.last_error_code}</div>
                      <div>
                        <bdi>{page.last_error_message}</bdi>
                      </div>
                      <div className="quiet">
                        since <Instant at={page.failing_since} />
                      </div>
                    </>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Pager
        label="status pages"
        back="Back"
        onward="More"
        onBack={first === 0 ? undefined : () => setFrom(first - ROWS)}
        onOnward={first + ROWS < pages.length ? () => setFrom(first + ROWS) : undefined}
      >
        {first + 1} to {first + shown.length} of {pages.length}, those that cannot be read first
      </Pager>
    </section>
  );
}

function worstFirst(one: PageSource, other: PageSource): number {
  const rankOf = ({ is_readable, is_stale }: PageSource): number => (is_readable ? 2 : is_stale ? 0 : 1);
  return rankOf(one) - rankOf(other) || one.page.localeCompare(other.page);
}

function Reading({ page }: { readonly page: PageSource }): ReactNode {
  if (page.is_readable) return <StateMark tone="ok" word="Reading" />;
  if (page.is_stale) return <StateMark tone="outage" word="Not readable" />;
  if (page.failing_since !== null) return <StateMark tone="degraded" word="Failing" />;
  return <StateMark tone="quiet" word="Not read yet" />;
}

function Stripe({ stripe }: { readonly stripe: Sources['stripe'] }): ReactNode {
  const { is_configured, last_event_at, refused, last_refused_at, last_refused_code } = stripe;
  return (
    <section className="card" aria-label="Stripe">
      <div className="card-head">
        <h2>Stripe’s webhooks</h2>
        <Link href={hrefOf('/console/events', { source: 'stripe' })}>Its events</Link>
      </div>
      <dl className="facts card-body">
        <dt>Endpoint</dt>
        <dd>
          {is_configured ? (
            <StateMark tone="ok" word="Has a secret to verify with" />
          ) : (
            <StateMark tone="unknown" word="No secret: webhooks are refused" />
          )}
        </dd>
        <dt>Last event</dt>
        <dd>
          <Instant at={last_event_at} otherwise="never" />
        </dd>
        <dt>Refused</dt>
        <dd>
          {refused === 0 ? (
            'none by this process since its start'
          ) : (
            <>
              {refused} by this process since its start, the last <Instant at={last_refused_at} />:{' '}
              <span className="mono">{last_refused_code}</span>
            </>
          )}
        </dd>
      </dl>
    </section>
  );
}

const STATES = ['down', 'degraded', 'unknown', 'up', 'paused'] as const;

function Monitors({ monitors }: { readonly monitors: Sources['monitors'] }): ReactNode {
  const told = STATES.filter((state) => monitors[state] > 0);
  return (
    <section className="card" aria-label="Monitors">
      <div className="card-head">
        <h2>Our own checks</h2>
        <Link href={hrefOf('/console/monitors')}>All monitors</Link>
      </div>
      {told.length === 0 ? (
        <p className="card-body quiet">Nothing is checked yet for this account.</p>
      ) : (
        <dl className="facts card-body">
          {told.map((state) => (
            <Fragment key={state}>
              <dt>
                <StateMark {...MONITOR_WORDS[state]} />
              </dt>
              <dd>
                {monitors[state].toLocaleString('en')} {monitors[state] === 1 ? 'monitor' : 'monitors'}
              </dd>
            </Fragment>
          ))}
          <dt>Newest check</dt>
          <dd>
            <Instant at={monitors.last_check_at} otherwise="none yet" />
          </dd>
        </dl>
      )}
    </section>
  );
}
