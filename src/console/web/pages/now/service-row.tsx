import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Evidence, Service } from '../../api/types';
import { Icon } from '../../parts/icon';
import { Instant } from '../../parts/instant';
import { hrefOf } from '../../parts/links';
import { iconOf, SERVICE_WORDS, StateMark } from '../../parts/state-mark';
import { DayBar } from './day-bar';

const EVIDENCE_WORDS: Readonly<Record<Evidence['by'], string>> = {
  page: 'Its page',
  checks: 'Our checks',
  events: 'Its events',
};

/** Longer names are cut. */
const SHOWN_CHARACTERS = 120;

/** A service: how it is, what says so and how old that is, and how it was. */
export function ServiceRow({
  service,
  since,
  until,
}: {
  readonly service: Service;
  /** The time that its days tell of. */
  readonly since: string;
  readonly until: string;
}): ReactNode {
  // Of what nobody has ever heard of, the past is not known either.
  const wasHeard = service.days.length > 0 || service.evidence.some(({ at }) => at !== null);
  return (
    <li className="service">
      <div>
        <h3>
          <Link href={hrefOf('/console/events', { service: service.service })}>
            <bdi>{service.service.slice(0, SHOWN_CHARACTERS)}</bdi>
          </Link>
        </h3>
        <div className="row">
          <StateMark {...SERVICE_WORDS[service.state]} isSoft />
          {service.since !== null && (
            <span className="quiet small">
              since <Instant at={service.since} />
            </span>
          )}
        </div>
      </div>
      <ul className="evidence" aria-label="What says so">
        {service.evidence.map((evidence) => (
          <EvidenceRow key={evidence.by} evidence={evidence} />
        ))}
      </ul>
      <DayBar days={service.days} since={wasHeard ? since : until} until={until} />
      <div className="small quiet">
        {service.open > 0 && (
          <div>
            <Link href={hrefOf('/console/events', { service: service.service, open: 'true' })}>
              {service.open} open
            </Link>
          </div>
        )}
        <div>
          Last event <Instant at={service.last_event_at} otherwise="never" />
        </div>
      </div>
    </li>
  );
}

function EvidenceRow({ evidence }: { readonly evidence: Evidence }): ReactNode {
  const word = SERVICE_WORDS[evidence.state];
  return (
    <li className={`tone-${word.tone}`} title={word.word}>
      <Icon name={iconOf(word)} size={14} />
      <span className="quiet">{EVIDENCE_WORDS[evidence.by]}</span>
      <span>
        {evidence.detail}{' '}
        <span className="quiet small">
          · <Instant at={evidence.at} otherwise="never heard" />
        </span>
      </span>
    </li>
  );
}
