import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Link, useSearchParams } from 'wouter';
import { answered, api } from '../../api/client';
import type { EventDetail } from '../../api/types';
import { useRefetchInterval } from '../../live/live';
import { CopyButton } from '../../parts/copy-button';
import { durationText } from '../../parts/duration';
import { Icon } from '../../parts/icon';
import { Instant, useNow } from '../../parts/instant';
import { PageHead } from '../../parts/page-head';
import { Sentence } from '../../parts/sentence';
import { SEVERITY_WORDS, StateMark, type StateWord } from '../../parts/state-mark';
import { Trouble } from '../../parts/trouble';
import { WaitingRows } from '../../parts/waiting';
import { useIdentity } from '../../session/session';
import { ResolveDialog } from './resolve-dialog';
import { timelineOf, type Difference, type Moment } from './timeline';
import { useRouting } from './use-routing';

/** Signals can be long; so much of one is shown, and all of it copied. */
const SHOWN_CHARACTERS = 20_000;

/** One event: what happened, when we knew, whom we told, and what they answered. */
export function EventPage(): ReactNode {
  const [search] = useSearchParams();
  const account_id = search.get('of') ?? undefined;
  const event_id = search.get('id') ?? '';
  const refetchInterval = useRefetchInterval();
  const { data, error, refetch } = useQuery({
    queryKey: ['event', account_id, event_id],
    queryFn: ({ signal }) => {
      const params = { path: { event_id }, query: { account_id } };
      return answered(api.GET('/events/{event_id}', { params, signal }));
    },
    refetchInterval,
  });
  if (error !== null && data === undefined) return <Trouble error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <WaitingRows rows={6} />;
  return <Shown event={data} />;
}

function Shown({ event }: { readonly event: EventDetail }): ReactNode {
  const [isResolving, setIsResolving] = useState(false);
  const { role } = useIdentity();
  const isOpen = event.resolved_at === null;
  const raw = JSON.stringify(event.raw, null, 2);
  const routing = useRouting(event);
  return (
    <>
      <PageHead
        title={<bdi>{event.summary.slice(0, 1_024)}</bdi>}
        actions={
          <>
            <CopyButton label="Copy as curl" text={curlOf(event)} />
            {isOpen && role !== 'viewer' && (
              <Button size="compact-sm" variant="default" onClick={() => setIsResolving(true)}>
                Resolve by hand
              </Button>
            )}
          </>
        }
      >
        <span className="row">
          <StateMark {...SEVERITY_WORDS[event.severity]} isSoft />
          <StateMark {...lifeOf(event)} isSoft />
          <span>
            <bdi>{event.service}</bdi> · <bdi>{event.source}</bdi> · for <bdi>{event.account_id}</bdi>
          </span>
        </span>
      </PageHead>
      <div className="columns">
        <section className="card" aria-label="Time line">
          <div className="card-head">
            <h2>What happened</h2>
          </div>
          <div className="card-body">
            <ol className="timeline">
              {timelineOf(event, routing).map((moment) => (
                <MomentRow key={moment.key} moment={moment} />
              ))}
            </ol>
          </div>
        </section>
        <div className="stack">
          <Facts event={event} />
          <section className="card" aria-label="Signal">
            <div className="card-head">
              <h2>The signal, as it came</h2>
              <CopyButton label="Copy" text={raw} />
            </div>
            <pre className="raw" dir="ltr" tabIndex={0} aria-label="The signal">
              {raw.slice(0, SHOWN_CHARACTERS)}
              {raw.length > SHOWN_CHARACTERS &&
                `\n… ${raw.length - SHOWN_CHARACTERS} more characters: copy it to see all`}
            </pre>
          </section>
        </div>
      </div>
      {isResolving && <ResolveDialog event={event} onClose={() => setIsResolving(false)} />}
    </>
  );
}

/** What asks for the event in a shell. An id may hold anything, also what would end the quotes there. */
function curlOf({ event_id, account_id }: EventDetail): string {
  const path = `/events/${encodeURIComponent(event_id).replaceAll("'", '%27')}`;
  return `curl '${location.origin}${path}?account_id=${account_id}' -H "authorization: Bearer $TOKEN"`;
}

/** Whether it goes on. A payment or an activity is a point in time, which is neither open nor over. */
function lifeOf({ resolved_at, kind }: EventDetail): StateWord {
  if (resolved_at !== null) return { tone: 'ok', word: 'Over' };
  if (kind === 'payment' || kind === 'activity') return { tone: 'quiet', word: 'Happened' };
  return { tone: 'degraded', word: 'Open', icon: 'dot' };
}

function MomentRow({ moment }: { readonly moment: Moment }): ReactNode {
  return (
    <li className={`tone-${moment.tone}`}>
      <span className="timeline-icon">
        <Icon name={moment.icon} />
      </span>
      <h3>
        {moment.title}{' '}
        <span className="quiet small" style={{ fontWeight: 400 }}>
          <Instant at={moment.at} />
        </span>
      </h3>
      {moment.detail !== null && (
        <p className="quiet small" style={{ whiteSpace: 'pre-line' }}>
          <Sentence text={moment.detail.slice(0, 2_000)} />
        </p>
      )}
      {moment.link !== undefined && (
        <p className="small">
          <Link href={moment.link.href}>{moment.link.text}</Link>
        </p>
      )}
      {moment.differences.length > 0 && (
        <dl className="difference">
          {moment.differences.map((difference) => (
            <DifferenceRow key={difference.field} difference={difference} />
          ))}
        </dl>
      )}
    </li>
  );
}

function DifferenceRow({
  difference: { field, before, after },
}: {
  readonly difference: Difference;
}): ReactNode {
  return (
    <>
      <dt>{field}</dt>
      <dd>
        {before !== null && (
          <>
            <del>
              <Sentence text={before.slice(0, 500)} />
            </del>{' '}
            →{' '}
          </>
        )}
        <ins>
          <Sentence text={after?.slice(0, 500) ?? 'nothing'} />
        </ins>
      </dd>
    </>
  );
}

function Facts({ event }: { readonly event: EventDetail }): ReactNode {
  const now = useNow();
  const until = event.resolved_at === null ? now : Date.parse(event.resolved_at);
  const lasted = Math.max(0, until - Date.parse(event.started_at));
  // Payments and activities are points in time, until somebody resolves one by hand.
  const lasts = !['payment', 'activity'].includes(event.kind) || event.resolved_at !== null;
  return (
    <section className="card" aria-label="Facts">
      <div className="card-head">
        <h2>Facts</h2>
      </div>
      <dl className="facts card-body">
        <dt>Began</dt>
        <dd>
          <Instant at={event.started_at} />
        </dd>
        {lasts && (
          <>
            <dt>{event.resolved_at === null ? 'Lasts' : 'Lasted'}</dt>
            <dd>{durationText(lasted)}</dd>
          </>
        )}
        <dt>Received</dt>
        <dd>
          <Instant at={event.received_at} />
        </dd>
        <dt>Told</dt>
        <dd>{event.delivered_to.length === 0 ? 'nobody' : event.delivered_to.join(', ')}</dd>
        <dt>Type</dt>
        <dd>
          <bdi>{event.type.slice(0, 300)}</bdi> ({event.kind})
        </dd>
        {event.user_id !== null && (
          <>
            <dt>User</dt>
            <dd>
              <bdi>{event.user_id}</bdi>
            </dd>
          </>
        )}
        <dt>Event id</dt>
        <dd className="mono">
          <bdi>{event.event_id}</bdi>
        </dd>
        {event.request_id !== null && (
          <>
            <dt>Request id</dt>
            <dd className="mono">{event.request_id}</dd>
          </>
        )}
        {event.description !== null && (
          <>
            <dt>Description</dt>
            <dd style={{ whiteSpace: 'pre-wrap' }}>
              <bdi>{event.description.slice(0, 4_000)}</bdi>
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}
