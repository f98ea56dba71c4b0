import { htmlToPlainText } from './html-text';
import { iso } from './instant';
import { isObject } from './json-document';
import { DEFAULT_ACCOUNT, type NormalizedEvent, type Severity } from './normalized-event';
import { cutTo, storable } from './plain-text';
import type { StatuspageItem } from './statuspage-document';
import { readInstant } from './read-instant';

/** The page an item stands on. */
export interface StatusPage {
  /** The service that the page is about, as the operator calls it. */
  readonly name: string;
  readonly source: string;
}

/** What an item is read against. */
export interface ItemContext {
  readonly page: StatusPage;
  readonly now: number;
  /** The event made from this item before: open, or over and still listed. */
  readonly known: NormalizedEvent | undefined;
  /** Takes a sentence about something unexpected in the item. */
  readonly warn: (warning: string) => void;
}

const MAX_SUMMARY_CHARACTERS = 1_024;
const MAX_DESCRIPTION_CHARACTERS = 10_000;

/*
 * Statuspage's closed lists (https://developer.statuspage.io and the pages' own /api). Maps, because an object
 * would know `constructor` too. Whatever else turns up is `info`.
 */
const IMPACT_SEVERITY: ReadonlyMap<unknown, Severity> = new Map([
  ['critical', 'critical'],
  ['major', 'critical'],
  ['minor', 'warning'],
  ['none', 'info'],
  ['maintenance', 'info'],
]);
const COMPONENT_SEVERITY: ReadonlyMap<unknown, Severity> = new Map([
  ['major_outage', 'critical'],
  ['partial_outage', 'critical'],
  ['degraded_performance', 'warning'],
  ['under_maintenance', 'info'],
]);
const INCIDENT_STATUS_IS_OVER: ReadonlyMap<unknown, boolean> = new Map([
  ['investigating', false],
  ['identified', false],
  ['monitoring', false],
  ['resolved', true],
  ['postmortem', true],
]);
const MAINTENANCE_STATUS_IS_OFF: ReadonlyMap<unknown, boolean> = new Map([
  ['scheduled', true],
  ['in_progress', false],
  ['verifying', false],
  ['completed', true],
]);

/** An incident's event. Its state is its own status, whatever its updates say. */
export function readIncident(item: StatuspageItem, context: ItemContext): NormalizedEvent {
  const severity = IMPACT_SEVERITY.get(item.impact);
  if (severity === undefined) context.warn(`unknown incident impact ${shown(item.impact)}`);
  const isOver = INCIDENT_STATUS_IS_OVER.get(item.status);
  if (isOver === undefined) context.warn(`unknown incident status ${shown(item.status)}`);
  return {
    ...incidentFields(item, context, isOver === true),
    kind: 'incident',
    type: 'incident',
    severity: severity ?? 'info',
  };
}

/** A maintenance's event; null while it is only planned, and for one that was over before it was ever seen. */
export function readMaintenance(item: StatuspageItem, context: ItemContext): NormalizedEvent | null {
  if (typeof item.status !== 'string') {
    context.warn('a maintenance without a status');
    return null;
  }
  const isOff = MAINTENANCE_STATUS_IS_OFF.get(item.status);
  if (isOff === undefined) context.warn(`unknown maintenance status ${shown(item.status)}`);
  if (isOff === true && context.known === undefined) return null;
  return {
    ...incidentFields(item, context, isOff === true),
    kind: 'status',
    type: 'maintenance',
    severity: 'info',
  };
}

/**
 * The event of a component's episode: from its first trouble until it is operational again. Null where there
 * is no episode.
 */
export function readComponent(item: StatuspageItem, context: ItemContext): NormalizedEvent | null {
  if (typeof item.status !== 'string') {
    context.warn('a component without a status');
    return null;
  }
  const episode = context.known?.resolved_at === null ? context.known : undefined;
  const isOperational = item.status === 'operational';
  if (isOperational && episode === undefined) return null;
  const severity = COMPONENT_SEVERITY.get(item.status);
  if (severity === undefined && !isOperational)
    context.warn(`unknown component status ${shown(item.status)}`);

  const updatedAt = readInstant(item.updated_at);
  const seenAt = updatedAt ?? context.now;
  return {
    ...fieldsOfAll(item, context.page),
    event_id: episode?.event_id ?? `${context.page.source}:${item.id}:${iso(seenAt)}`,
    kind: 'status',
    type: 'component',
    // Back in order, it keeps the severity of the trouble that is now over.
    severity: isOperational && episode !== undefined ? episode.severity : (severity ?? 'info'),
    summary: line(`${nameOf(item)}: ${item.status}`),
    description: null,
    started_at: episode?.started_at ?? seenAt,
    resolved_at: isOperational ? seenAt : null,
    updated_at: updatedAt ?? episode?.updated_at ?? context.now,
  };
}

function incidentFields(
  item: StatuspageItem,
  { page, now, known }: ItemContext,
  isOver: boolean,
): Omit<NormalizedEvent, 'kind' | 'type' | 'severity'> {
  const createdAt = readInstant(item.started_at) ?? readInstant(item.created_at);
  const updatedAt = readInstant(item.updated_at);
  const fields = fieldsOfAll(item, page);
  return {
    ...fields,
    event_id: `${page.source}:${item.id}`,
    summary: line(nameOf(item)),
    description: known?.raw === fields.raw ? known.description : newestUpdate(item),
    started_at: createdAt ?? known?.started_at ?? now,
    resolved_at: isOver ? (readInstant(item.resolved_at) ?? known?.resolved_at ?? updatedAt ?? now) : null,
    updated_at: updatedAt ?? known?.updated_at ?? createdAt ?? now,
  };
}

function fieldsOfAll(
  item: StatuspageItem,
  page: StatusPage,
): Pick<NormalizedEvent, 'account_id' | 'source' | 'service' | 'user_id' | 'raw'> {
  return {
    account_id: DEFAULT_ACCOUNT,
    source: page.source,
    service: page.name,
    user_id: null,
    raw: JSON.stringify(item),
  };
}

/** The newest update's body as plain text. Where two are equally new, the earlier in the list: pages list newest first. */
function newestUpdate(item: StatuspageItem): string | null {
  let newest: { body: string; shownAt: number } | null = null;
  for (const update of Array.isArray(item.incident_updates) ? (item.incident_updates as unknown[]) : []) {
    if (!isObject(update) || typeof update.body !== 'string') continue;
    const shownAt = readInstant(update.display_at) ?? readInstant(update.created_at) ?? -Infinity;
    if (newest === null || shownAt > newest.shownAt) newest = { body: update.body, shownAt };
  }
  const text = newest === null ? '' : storable(htmlToPlainText(newest.body));
  return text === '' ? null : cutTo(text, MAX_DESCRIPTION_CHARACTERS);
}

function nameOf(item: StatuspageItem): string {
  return typeof item.name === 'string' && item.name.trim() !== '' ? item.name.trim() : item.id;
}

/** A summary: one bounded line. What cannot fit is dropped first, so that a huge name costs nothing. */
function line(text: string): string {
  const bounded = text.slice(0, 2 * MAX_SUMMARY_CHARACTERS + 2);
  return cutTo(storable(bounded.replace(/\s+/g, ' ')), MAX_SUMMARY_CHARACTERS);
}

/** A value from a page, for the log: short, and on one line. */
function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(cutTo(value.slice(0, 130), 64)) : `(${typeof value})`;
}
