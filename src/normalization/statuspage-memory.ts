import type { NormalizedEvent } from './normalized-event';
import type { SummaryDocument } from './statuspage-document';

/** An item that had an event and is open, or is over and still listed by the page. */
export interface KnownItem {
  /** The page's id of it. */
  readonly id: string;
  /** As it was last made from the item. */
  readonly event: NormalizedEvent;
  /** Whether the last valid summary listed it. */
  readonly is_listed: boolean;
  /** Valid summaries in a row in which it was in neither document. */
  readonly absences: number;
}

/** What has to be remembered of a page from one poll to the next. Plain JSON. */
export interface PageMemory {
  readonly known: readonly KnownItem[];
  /** How many items of the last valid summary made an event. */
  readonly signals: number;
}

/** Of a page that was never read. */
export const EMPTY_MEMORY: PageMemory = { known: [], signals: 0 };

/** A summary, or `unchanged` where the page said (by a 304) that the last valid one still holds. */
export type Summary = SummaryDocument | 'unchanged';

/** Names an item within its page: incidents and maintenances share one space of ids, components have another. */
export function keyOf(type: string, id: string): string {
  return `${type === 'component' ? 'component' : 'incident'}:${id}`;
}

/** The known items that the summary does not list. A page that names no components says nothing about them. */
export function findUnlisted(summary: Summary, memory: PageMemory): readonly KnownItem[] {
  if (summary === 'unchanged') return memory.known.filter((item) => !item.is_listed);
  const listed = new Set([
    ...summary.incidents.map(({ id }) => keyOf('incident', id)),
    ...summary.maintenances.map(({ id }) => keyOf('maintenance', id)),
    ...summary.components.map(({ id }) => keyOf('component', id)),
  ]);
  return memory.known.filter(({ id, event }) => {
    if (event.type === 'component' && summary.components.length === 0) return false;
    return !listed.has(keyOf(event.type, id));
  });
}

/** Whether an open incident is gone from the summary, so that only `incidents.json` can tell what became of it. */
export function needsIncidents(summary: Summary, memory: PageMemory): boolean {
  return findUnlisted(summary, memory).some(
    ({ event }) => event.type === 'incident' && event.resolved_at === null,
  );
}
