import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { OpenEvent, Services, ServiceState } from '../../api/types';
import { Icon } from '../../parts/icon';
import { Instant } from '../../parts/instant';
import { hrefOf } from '../../parts/links';
import { iconOf, SERVICE_WORDS } from '../../parts/state-mark';

const HEADLINES: Readonly<Record<ServiceState, string>> = {
  ok: 'All well',
  degraded: 'Degraded',
  outage: 'Outage',
  unknown: 'Cannot tell',
  maintenance: 'Maintenance',
};

/** The one sentence that a glance is for. */
export function Banner({
  services,
  hasOldNews,
}: {
  readonly services: Services;
  /** Whether the newest answer could not be had, and this is an older one. */
  readonly hasOldNews: boolean;
}): ReactNode {
  const state = hasOldNews ? 'unknown' : services.state;
  const word = SERVICE_WORDS[state];
  return (
    <section className={`banner tone-${word.tone}`} aria-label="Overall" aria-live="polite">
      <Icon name={iconOf(word)} size={36} />
      <div>
        <h1>{HEADLINES[state]}</h1>
        <p>{hasOldNews ? 'The service does not answer; what is below is older.' : sentenceOf(services)}</p>
      </div>
      {services.dead_24h > 0 && (
        <p>
          <Link href={hrefOf('/console/deliveries', { status: 'dead' })}>
            {services.dead_24h} {services.dead_24h === 1 ? 'delivery was' : 'deliveries were'} given up in 24
            h
          </Link>
        </p>
      )}
      <p className="quiet small">
        As of <Instant at={services.generated_at} />
      </p>
    </section>
  );
}

/** The service counts no further. */
const MOST_OPEN = 2_000;

function sentenceOf({ services, services_total, open_events, open_total }: Services): string {
  const count = (state: ServiceState): number => services.filter((one) => one.state === state).length;
  const parts = [
    phrase(count('outage'), 'out'),
    phrase(count('degraded'), 'degraded'),
    phrase(count('unknown'), 'that nobody can tell about'),
    phrase(count('maintenance'), 'in maintenance'),
  ].filter((part) => part !== null);
  const told =
    parts.length === 0
      ? `${services_total.toLocaleString('en')} services, all well.`
      : `${parts.join(', ')}.`;
  if (open_total === 0) return `${told} Nothing is open.`;
  const open = `${open_total.toLocaleString('en')}${open_total >= MOST_OPEN ? ' or more' : ''} open.`;
  return `${told} ${open} ${pagesSentence(open_events, open_total)}`;
}

function phrase(count: number, word: string): string | null {
  return count === 0 ? null : `${count} ${count === 1 ? 'service' : 'services'} ${word}`;
}

/** Whether people were told. */
function pagesSentence(events: readonly OpenEvent[], total: number): string {
  const pages = events.flatMap((event) => event.pages);
  const dead = pages.filter(({ status }) => status === 'dead').length;
  const pending = pages.filter(({ status }) => status === 'pending').length;
  if (dead > 0) return `${dead} ${dead === 1 ? 'page was' : 'pages were'} not delivered.`;
  if (pending > 0) return `${pending} ${pending === 1 ? 'page is' : 'pages are'} on the way.`;
  if (pages.length === 0) return 'Nobody was to be paged.';
  const them = events.length < total ? `the ${events.length} worst` : 'them';
  return `Every page about ${them} was delivered.`;
}
