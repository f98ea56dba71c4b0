import { isObject, parseJson } from './json-document';
import { textsOfElements } from './json-elements';
import type { NormalizedEvent } from './normalized-event';
import { findFaults, toEvent, type FieldFault, type TenantEvent } from './tenant-event';

/** Most events in one post. */
export const MAX_EVENTS = 1_000;

/** So many faults are told at once. */
export const MAX_FAULTS = 10;

/** A fault of one event of a post. */
export interface EventFault extends FieldFault {
  /** The event's place in the post, from 0. */
  readonly index: number;
}

/** Why a body that is JSON is no tenant's post. */
export type TenantPostFault = 'not_events' | 'no_events' | 'too_many_events' | 'invalid_event';

/** The body is JSON, and not what tenants may post. */
export class TenantPostError extends Error {
  constructor(
    readonly fault: TenantPostFault,
    message: string,
    /** The first of them, in the order of the events. */
    readonly faults: readonly EventFault[] = [],
  ) {
    super(message);
    this.name = 'TenantPostError';
  }
}

/** What a tenant posts. */
export interface TenantPost {
  /** The body's text. */
  readonly body: string;
  /** Makes the id of an event that brings none; `index` is its place in the post. */
  readonly makeEventId: (accountId: string, index: number) => string;
}

/**
 * Makes events of a tenant's post, which is one event, a list of them, or an object whose only member `events` is
 * such a list. All or none: a fault of one event refuses the post.
 *
 * @throws InvalidJsonError where the body is no JSON, or nested too deeply
 * @throws TenantPostError where it is JSON, and not events
 */
export function normalizeTenantPost({ body, makeEventId }: TenantPost): readonly NormalizedEvent[] {
  const { elements, texts } = readElements(body);
  const faults: EventFault[] = [];
  const events: NormalizedEvent[] = [];
  for (let index = 0; index < elements.length && faults.length < MAX_FAULTS; index++) {
    const element = elements[index];
    const found = findFaults(element, MAX_FAULTS - faults.length);
    for (const fault of found) faults.push({ index, ...fault });
    if (faults.length > 0) continue;
    const { account_id, event_id } = element as TenantEvent;
    events.push(toEvent(element as TenantEvent, event_id ?? makeEventId(account_id, index), texts[index]!));
  }
  if (faults.length > 0) throw new TenantPostError('invalid_event', sentenceOf(faults), faults);
  return events;
}

interface Elements {
  readonly elements: readonly unknown[];
  /** Each element as its sender wrote it. */
  readonly texts: readonly string[];
}

function readElements(body: string): Elements {
  const document = parseJson(body);
  const list = listOf(document);
  if (list === null) return { elements: [document], texts: [body.trim()] };
  if (list.length === 0) throw new TenantPostError('no_events', 'The list holds no events.');
  if (list.length > MAX_EVENTS) {
    throw new TenantPostError('too_many_events', `A post holds at most ${MAX_EVENTS} events.`);
  }
  return { elements: list, texts: textsOfElements(body) };
}

/** The post's list of events; null where the document is to be one event. */
function listOf(document: unknown): readonly unknown[] | null {
  if (isList(document)) return document;
  if (isObject(document)) {
    const { events } = document;
    if (events === undefined) return null;
    if (isList(events) && Object.keys(document).length === 1) return events;
  }
  throw new TenantPostError('not_events', 'The body must be an event, a list of events, or {"events":[…]}.');
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** The first fault in words. */
function sentenceOf([first, ...others]: readonly EventFault[]): string {
  const { index, field, message } = first!;
  const place = field === null ? `events[${index}]` : `events[${index}].${field}`;
  return `${place} ${message}${others.length === 0 ? '.' : `; see faults for the others.`}`;
}
