import { Button, SegmentedControl } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { EventDetail } from '../../api/types';
import { Instant } from '../../parts/instant';
import { eventHref } from '../../parts/links';
import { SEVERITY_WORDS, StateMark } from '../../parts/state-mark';
import { Trouble } from '../../parts/trouble';
import { WaitingRows } from '../../parts/waiting';
import { EventChoice } from './event-choice';
import { Answer } from './explain-answer';
import type { Explained } from './explanation';
import type { Rule } from './rule';

/** Why an event was sent, or was not: ask about one, and see what each rule made of it. */
export function ExplainCard({
  account,
  explained,
  rules,
  isDraft,
  onShow,
}: {
  readonly account: string;
  readonly explained: Explained;
  /** Those that the answer is by. */
  readonly rules: readonly Rule[];
  /** Whether they are a draft. */
  readonly isDraft: boolean;
  /** Goes to a rule, by its name. */
  readonly onShow: (name: string) => void;
}): ReactNode {
  const { eventId, asOf, event, explanation, error, choose, chooseAsOf } = explained;
  return (
    <section className="card" aria-label="Explain an event">
      <div className="card-head">
        <h2>Why was it sent, or why not?</h2>
        {eventId !== null && (
          <Button size="compact-xs" variant="default" onClick={() => choose(null)}>
            Clear
          </Button>
        )}
      </div>
      <div className="explain-question">
        <EventChoice account={account} eventId={eventId ?? ''} onChoose={choose} />
        {eventId !== null && (
          <SegmentedControl
            aria-label="As of when"
            size="xs"
            value={asOf}
            onChange={(value) => chooseAsOf(value)}
            data={[
              { value: 'came', label: 'As when it came' },
              { value: 'now', label: 'As of now' },
            ]}
          />
        )}
      </div>
      {eventId !== null && error !== null && <Trouble error={error} />}
      {eventId !== null && error === null && explanation === undefined && (
        <WaitingRows rows={2} height={40} />
      )}
      {event !== undefined && explanation !== undefined && error === null && (
        <div className="explain-answer">
          <About event={event} />
          <Answer explanation={explanation} rules={rules} isDraft={isDraft} onShow={onShow} />
        </div>
      )}
    </section>
  );
}

function About({ event }: { readonly event: EventDetail }): ReactNode {
  return (
    <p className="row">
      <StateMark {...SEVERITY_WORDS[event.severity]} isSoft />
      <Link href={eventHref(event)}>
        <bdi>{event.summary.slice(0, 300)}</bdi>
      </Link>
      <span className="quiet small">
        <bdi>{event.service.slice(0, 100)}</bdi> · <bdi>{event.source}</bdi> · {event.kind} ·{' '}
        <bdi>{event.type.slice(0, 100)}</bdi> · came <Instant at={event.received_at} />
        {event.resolved_at !== null && (
          <>
            {' '}
            · over <Instant at={event.resolved_at} />
          </>
        )}
      </span>
    </p>
  );
}
