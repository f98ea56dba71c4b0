import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { answered, api } from '../../api/client';
import type { Delivery } from '../../api/types';
import { AskDialog } from '../../parts/ask-dialog';
import { actionText, holdText, reasonText } from '../../parts/delivery-words';
import { Instant } from '../../parts/instant';
import { eventHref } from '../../parts/links';
import { DELIVERY_WORDS, SEVERITY_WORDS, StateMark } from '../../parts/state-mark';

/** Deliveries, each with why it is as it is. */
export function DeliveryTable({
  deliveries,
  mayReplay,
}: {
  readonly deliveries: readonly Delivery[];
  readonly mayReplay: boolean;
}): ReactNode {
  return (
    <table className="list">
      <thead>
        <tr>
          <th scope="col">Status</th>
          <th scope="col">Event</th>
          <th scope="col">Destination</th>
          <th scope="col">Why</th>
          <th scope="col">When</th>
          {mayReplay && <th scope="col">Action</th>}
        </tr>
      </thead>
      <tbody>
        {deliveries.map((delivery) => (
          <tr key={delivery.id}>
            <td>
              <StateMark {...DELIVERY_WORDS[delivery.status]} />
            </td>
            <td>
              <div>
                <span className="quiet">{actionText(delivery.action)} for </span>
                <Link href={eventHref(delivery)}>
                  <bdi>{delivery.event_id.slice(0, 120)}</bdi>
                </Link>
              </div>
              <div className="small quiet">
                {SEVERITY_WORDS[delivery.severity].word} · <bdi>{delivery.account_id}</bdi> · delivery{' '}
                {delivery.id}
                {delivery.replay_of !== null && ` · repeats ${delivery.replay_of}`}
              </div>
            </td>
            <td data-label="Destination">{delivery.destination}</td>
            <td>
              <Why delivery={delivery} />
            </td>
            <td data-label="Since">
              <Instant at={delivery.finished_at ?? delivery.created_at} />
            </td>
            {mayReplay && (
              <td>
                {(delivery.status === 'dead' || delivery.status === 'skipped') && (
                  <ReplayButton delivery={delivery} />
                )}
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Why({ delivery }: { readonly delivery: Delivery }): ReactNode {
  const attempt = delivery.attempts.at(-1);
  return (
    <div className="small">
      {delivery.reason !== null && <div>{reasonText(delivery.reason)}</div>}
      {attempt !== undefined && delivery.status !== 'delivered' && (
        <div className="quiet">
          attempt {attempt.number}: {attempt.outcome ?? 'under way'}
          {attempt.http_status !== null && `, answered ${attempt.http_status}`}
          {attempt.http_status === null && attempt.error !== null && `, ${attempt.error.slice(0, 200)}`}
        </div>
      )}
      {delivery.status === 'pending' && (
        <div className="quiet">
          {delivery.hold === null ? 'next try' : `${holdText(delivery.hold)};`}{' '}
          <Instant at={delivery.next_attempt_at} otherwise="as soon as it is its turn" />
        </div>
      )}
      {delivery.status === 'delivered' && attempt !== undefined && (
        <span className="quiet">
          at attempt {attempt.number}
          {attempt.http_status !== null && `, answered ${attempt.http_status}`}
        </span>
      )}
    </div>
  );
}

function ReplayButton({ delivery }: { readonly delivery: Delivery }): ReactNode {
  const { id, event_id, destination } = delivery;
  const queries = useQueryClient();
  const [isAsked, setIsAsked] = useState(false);
  const [repeatedBy, setRepeatedBy] = useState<number | null>(null);
  return (
    <>
      <Button
        size="compact-xs"
        variant="default"
        onClick={() => setIsAsked(true)}
        aria-label={`Replay delivery ${id}`}
      >
        Replay
      </Button>
      {repeatedBy !== null && (
        <div className="small" role="status">
          Sent again as {repeatedBy}
        </div>
      )}
      {isAsked && (
        <AskDialog
          title={`Replay delivery ${id}?`}
          leave="Leave it"
          doIt="Send it again"
          isDestructive={false}
          onClose={() => setIsAsked(false)}
          onDo={async () => {
            const again = await answered(api.POST('/deliveries/{id}/replay', { params: { path: { id } } }));
            setRepeatedBy(again.id);
            await queries.invalidateQueries({ queryKey: ['deliveries'] });
          }}
        >
          <p>
            {actionText(delivery.action)} for <bdi>{event_id.slice(0, 120)}</bdi> goes to {destination} once
            more, behind what is on its way there for this event. If the event is over by now, its all-clear
            follows.
          </p>
        </AskDialog>
      )}
    </>
  );
}
