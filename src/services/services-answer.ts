import { identityOf } from '../normalization/event-identity';
import { iso, isoOrNull } from '../normalization/instant';
import { rankOf } from '../normalization/normalized-event';
import type { PageHealth } from '../statuspage/page-states';
import { DAY_MS, troubledDays } from './day-history';
import type { SpeakingMonitor } from './monitor-facts';
import {
  SERVICE_STATES,
  stateOfEvidence,
  stateOfTroubles,
  worstOf,
  type ServiceState,
} from './service-state';
import type { OpenEvent, PastEvent, SentTrigger } from './services-statements';
import type { EvidenceView, OpenEventView, PageView, ServicesView, ServiceView } from './services-views';

/** How far back the history goes. */
export const HISTORY_MS = 90 * DAY_MS;

const MAX_SERVICES = 200;
const MAX_OPEN = 100;

/** Everything that is known of the services somebody may see. */
export interface ServicesFacts {
  readonly now: number;
  readonly history_since: number;
  readonly open: readonly OpenEvent[];
  readonly past: readonly PastEvent[];
  readonly triggers: readonly SentTrigger[];
  readonly pages: readonly PageHealth[];
  readonly monitors: readonly SpeakingMonitor[];
  readonly last_seen: ReadonlyMap<string, number>;
  /** Deliveries that were given up in the last 24 hours. */
  readonly dead_24h: number;
}

/** Names of the services that something is to be said of. */
export function servicesIn({
  open,
  past,
  pages,
  monitors,
}: Pick<ServicesFacts, 'open' | 'past' | 'pages' | 'monitors'>): string[] {
  const named = [...open, ...past, ...monitors].map(({ service }) => service);
  return [...new Set([...pages.map(({ page }) => page), ...named])];
}

/** The answer to what is broken now. */
export function servicesAnswer(facts: ServicesFacts): ServicesView {
  const { now, history_since, open, triggers } = facts;
  const open_by = Map.groupBy(open, ({ service }) => service);
  const past_by = Map.groupBy(facts.past, ({ service }) => service);
  const monitors_by = Map.groupBy(facts.monitors, ({ service }) => service);
  const services = [...new Set([...servicesIn(facts), ...facts.last_seen.keys()])]
    .map((service) => {
      return serviceView(service, facts, {
        open: open_by.get(service) ?? [],
        past: past_by.get(service) ?? [],
        monitors: monitors_by.get(service) ?? [],
      });
    })
    .sort(worstFirst);
  const sent = Map.groupBy(triggers, identityOf);
  return {
    state: services.length === 0 ? 'ok' : worstOf(services.map(({ state }) => state)),
    generated_at: iso(now),
    history_since: iso(history_since),
    services: services.slice(0, MAX_SERVICES),
    services_total: services.length,
    open_events: shownOpenEvents(open).map((event) =>
      openEventView(event, sent.get(identityOf(event)) ?? []),
    ),
    open_total: open.length,
    dead_24h: facts.dead_24h,
  };
}

/** The open events that are shown, worst first; they come newest first. */
export function shownOpenEvents(open: readonly OpenEvent[]): OpenEvent[] {
  return [...open].sort((one, other) => rankOf(other.severity) - rankOf(one.severity)).slice(0, MAX_OPEN);
}

interface OfService {
  readonly open: readonly OpenEvent[];
  readonly past: readonly PastEvent[];
  readonly monitors: readonly SpeakingMonitor[];
}

function serviceView(service: string, facts: ServicesFacts, known: OfService): ServiceView {
  const { now, history_since, pages, last_seen } = facts;
  const { open, past, monitors } = known;
  const page = pages.find((one) => one.page === service);
  const lastEventAt = last_seen.get(service) ?? null;
  const evidence = [
    ...(page === undefined ? [] : [pageEvidence(page, open)]),
    ...(monitors.length === 0 ? [] : [checksEvidence(monitors)]),
    ...eventsEvidence(open, past, page?.source, lastEventAt),
  ];
  const state = stateOfEvidence(evidence.map((one) => one.state));
  return {
    service,
    state,
    since: isoOrNull(sinceOf(state, open)),
    evidence,
    open: open.length,
    last_event_at: isoOrNull(lastEventAt),
    // What is open may have arrived before the history begins.
    days: troubledDays(
      [...past.filter(({ resolved_at }) => resolved_at !== null), ...openSpans(open)],
      history_since,
      now,
    ),
  };
}

function openSpans(
  open: readonly OpenEvent[],
): { severity: OpenEvent['severity']; started_at: number; resolved_at: null }[] {
  return open.map(({ severity, started_at }) => ({ severity, started_at, resolved_at: null }));
}

function pageEvidence(page: PageHealth, open: readonly OpenEvent[]): EvidenceView {
  const theirs = open.filter(({ source }) => source === page.source);
  const said = stateOfTroubles(theirs);
  const at = page.last_success_at;
  const isRead = at !== null && page.failing_since === null;
  if (!isRead) {
    const why =
      at === null && page.last_error_code === null
        ? 'not read yet'
        : `not readable: ${page.last_error_code ?? 'never read'}`;
    // What was open when it could last be read is not over because it cannot be read.
    return { by: 'page', state: said === 'ok' ? 'unknown' : said, at, detail: why };
  }
  return {
    by: 'page',
    state: said,
    at,
    detail: theirs.length === 0 ? 'nothing open' : `${theirs.length} open`,
  };
}

const CHECKS: Readonly<Record<SpeakingMonitor['state'], ServiceState>> = {
  up: 'ok',
  degraded: 'degraded',
  down: 'outage',
  unknown: 'unknown',
};

function checksEvidence(monitors: readonly SpeakingMonitor[]): EvidenceView {
  const up = monitors.filter(({ state }) => state === 'up').length;
  const newest = monitors.map(({ checked_at }) => checked_at ?? -Infinity).reduce((a, b) => Math.max(a, b));
  return {
    by: 'checks',
    state: stateOfEvidence(monitors.map(({ state }) => CHECKS[state])),
    at: newest === -Infinity ? null : iso(newest),
    detail: `${up} of ${monitors.length} up`,
  };
}

/** What its webhooks, its people and other programs told us: everything that is neither its page nor our checks. */
function eventsEvidence(
  open: readonly OpenEvent[],
  past: readonly PastEvent[],
  pageSource: string | undefined,
  lastEventAt: number | null,
): EvidenceView[] {
  const isOther = ({ source }: { source: string }): boolean => source !== pageSource && source !== 'monitor';
  const theirs = open.filter(isOther);
  const newest = past.find(isOther)?.received_at ?? null;
  const at = pageSource === undefined && newest === null && past.length === 0 ? lastEventAt : newest;
  if (theirs.length === 0 && at === null) return [];
  return [
    {
      by: 'events',
      state: stateOfTroubles(theirs),
      at: isoOrNull(at),
      detail: theirs.length === 0 ? 'nothing open' : `${theirs.length} open`,
    },
  ];
}

function sinceOf(state: ServiceState, open: readonly OpenEvent[]): number | null {
  const starts = open
    .filter((event) => stateOfTroubles([event]) === state)
    .map(({ started_at }) => started_at);
  return state === 'ok' || starts.length === 0 ? null : starts.reduce((a, b) => Math.min(a, b));
}

function worstFirst(one: ServiceView, other: ServiceView): number {
  const byState = SERVICE_STATES.indexOf(one.state) - SERVICE_STATES.indexOf(other.state);
  if (byState !== 0) return byState;
  return one.service < other.service ? -1 : 1;
}

function openEventView(event: OpenEvent, triggers: readonly SentTrigger[]): OpenEventView {
  const { account_id, event_id, source, kind, severity, service, summary } = event;
  const newest = new Map(triggers.map((trigger) => [trigger.destination, trigger]));
  return {
    account_id,
    event_id,
    source,
    kind,
    severity,
    service,
    summary,
    started_at: iso(event.started_at),
    pages: [...newest.values()].map(pageView),
  };
}

function pageView({ destination, status, reason, finished_at }: SentTrigger): PageView {
  return { destination, status, reason, at: isoOrNull(finished_at) };
}
