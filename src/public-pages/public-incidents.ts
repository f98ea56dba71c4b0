import type { ChosenServices } from '../services/chosen-services-reader';
import type { EndedEvent } from '../services/chosen-services-statements';
import type { OpenEvent } from '../services/services-statements';
import type { PublicPageEntity } from './public-page.entity';
import { publicIdOf, type IncidentLevel, type PublicIncident, type PublicStatus } from './public-status';
import { publicText } from './public-text';

/** So many of each are told. */
const MAX_OPEN = 50;
const MAX_ENDED = 100;

const LEVELS: readonly IncidentLevel[] = ['outage', 'degraded', 'maintenance'];

/** What is and was wrong with the services of a page, without what is merely worth knowing. */
export function publicIncidents(
  page: PublicPageEntity,
  known: Pick<ChosenServices, 'open' | 'ended'>,
): Pick<PublicStatus, 'open' | 'open_total' | 'ended' | 'ended_total'> {
  const open = known.open.flatMap((event) => incidentOf(page, event, null)).sort(worstFirst);
  const isOpen = new Set(open.map(({ id }) => id));
  const ended = known.ended
    .flatMap((event) => incidentOf(page, event, endOf(event)))
    // Both are read one after the other, and what was opened again in between is open.
    .filter(({ id }) => !isOpen.has(id))
    .sort((one, other) => other.started_at - one.started_at);
  return {
    open: open.slice(0, MAX_OPEN),
    open_total: open.length,
    ended: ended.slice(0, MAX_ENDED),
    ended_total: ended.length,
  };
}

/** Nothing ends before it begins, whatever its source says. */
function endOf({ started_at, resolved_at }: EndedEvent): number {
  return Math.max(started_at, resolved_at ?? started_at);
}

function incidentOf(page: PublicPageEntity, event: OpenEvent, ended_at: number | null): PublicIncident[] {
  const shown = page.services.find(({ service }) => service === event.service);
  const level = levelOf(event);
  if (shown === undefined || level === null) return [];
  return [
    {
      id: publicIdOf(page.secret, event.account_id, event.event_id),
      service_id: shown.id,
      service_name: shown.name,
      level,
      started_at: event.started_at,
      ended_at,
      summary: page.show_summaries ? publicText(event.summary) : null,
    },
  ];
}

function levelOf({ severity, type }: Pick<OpenEvent, 'severity' | 'type'>): IncidentLevel | null {
  switch (severity) {
    case 'critical':
      return 'outage';
    case 'warning':
      return 'degraded';
    case 'info':
      return type === 'maintenance' ? 'maintenance' : null;
  }
}

function worstFirst(one: PublicIncident, other: PublicIncident): number {
  return LEVELS.indexOf(one.level) - LEVELS.indexOf(other.level) || other.started_at - one.started_at;
}
