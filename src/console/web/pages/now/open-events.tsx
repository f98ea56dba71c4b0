import { useState, type ReactNode } from 'react';
import { Button } from '@mantine/core';
import { Link } from 'wouter';
import type { OpenEvent, Page } from '../../api/types';
import { reasonText } from '../../parts/delivery-words';
import { Instant } from '../../parts/instant';
import { eventHref, hrefOf } from '../../parts/links';
import { DELIVERY_WORDS, SEVERITY_WORDS, StateMark } from '../../parts/state-mark';

/** So many are shown at first, and at most. */
const ROWS = 8;
const MOST_ROWS = 40;

/** Longer names and summaries are cut. */
const SHOWN_CHARACTERS = 160;

/** What is not over, worst first, and whether its page went out. */
export function OpenEvents({
  events,
  total,
}: {
  readonly events: readonly OpenEvent[];
  readonly total: number;
}): ReactNode {
  const [isWhole, setIsWhole] = useState(false);
  const shown = events.slice(0, isWhole ? MOST_ROWS : ROWS);
  return (
    <section className="card" aria-label="Open events">
      <div className="card-head">
        <h2>Open now</h2>
        <Link href={hrefOf('/console/events', { open: 'true' })}>
          All {total.toLocaleString('en')} open events
        </Link>
      </div>
      <table className="list">
        <thead>
          <tr>
            <th scope="col">Severity</th>
            <th scope="col">What</th>
            <th scope="col">Service</th>
            <th scope="col">For</th>
            <th scope="col">Since</th>
            <th scope="col">Page</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((event) => (
            <tr key={`${event.account_id} ${event.event_id}`}>
              <td>
                <StateMark {...SEVERITY_WORDS[event.severity]} />
              </td>
              <td>
                <Link href={eventHref(event)}>
                  <bdi>{event.summary.slice(0, SHOWN_CHARACTERS)}</bdi>
                </Link>
              </td>
              <td data-label="Service">
                <bdi>{event.service.slice(0, SHOWN_CHARACTERS)}</bdi>
              </td>
              <td data-label="For">
                <bdi>{event.account_id}</bdi>
              </td>
              <td data-label="Since">
                <Instant at={event.started_at} />
              </td>
              <td>
                <Pages pages={event.pages} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {!isWhole && events.length > shown.length && (
        <div className="card-body">
          <Button variant="default" size="xs" onClick={() => setIsWhole(true)}>
            Show {Math.min(events.length, MOST_ROWS) - shown.length} more
          </Button>
        </div>
      )}
    </section>
  );
}

function Pages({ pages }: { readonly pages: readonly Page[] }): ReactNode {
  if (pages.length === 0) return <span className="quiet">nobody was to be paged</span>;
  return (
    <>
      {pages.map((page) => (
        <div key={page.destination} title={page.reason === null ? undefined : reasonText(page.reason)}>
          <StateMark {...DELIVERY_WORDS[page.status]} />
          <span className="quiet small">
            {' '}
            {page.destination} {page.at !== null && <Instant at={page.at} />}
          </span>
        </div>
      ))}
    </>
  );
}
