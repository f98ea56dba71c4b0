import { MAX_EVENT_ID_BYTES, type NormalizedEvent } from './normalized-event';
import { cutTo, storable } from './plain-text';

/** The source of what was added through the upstream API, and its service. */
const UPSTREAM = 'upstream';

const MAX_SUMMARY = 1_024;
const MAX_DESCRIPTION = 10_000;
const MAX_USER_ID = 256;

/** An event that the upstream API has taken. */
export interface AddedSignal {
  /** Whose key it was added with. */
  readonly account_id: string;
  readonly request: { readonly name: string; readonly userId: string; readonly details?: unknown };
  /** What the upstream API answered. */
  readonly answer: Readonly<Record<string, unknown>>;
  /** When it answered. */
  readonly addedAt: number;
  /** Makes an id where the answer has none that can be stored. */
  readonly makeId: () => string;
}

/** Makes an event of an addition. Without an id in the answer, each addition is another event. */
export function normalizeAdded(signal: AddedSignal): NormalizedEvent {
  const { account_id, request, answer, addedAt, makeId } = signal;
  const { name, userId, details } = request;
  return {
    account_id,
    event_id: theirs(answer['id']) ?? prefixed(makeId()),
    source: UPSTREAM,
    kind: 'activity',
    severity: 'info',
    service: UPSTREAM,
    type: 'event.added',
    user_id: cutTo(storable(userId), MAX_USER_ID),
    summary: cutTo(storable(name), MAX_SUMMARY),
    description: typeof details === 'string' ? cutTo(storable(details), MAX_DESCRIPTION) : null,
    started_at: addedAt,
    resolved_at: null,
    updated_at: addedAt,
    raw: JSON.stringify({ request, answer }),
  };
}

function prefixed(id: string): string {
  return `${UPSTREAM}:${id}`;
}

/** The event's id by that of the upstream API, or null where that is none, or cannot be stored. */
function theirs(id: unknown): string | null {
  if (typeof id !== 'string' && !Number.isSafeInteger(id)) return null;
  const text = String(id);
  if (text === '' || !text.isWellFormed() || text.includes('\0')) return null;
  return Buffer.byteLength(prefixed(text)) > MAX_EVENT_ID_BYTES ? null : prefixed(text);
}
