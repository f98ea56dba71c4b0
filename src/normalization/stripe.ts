import { InvalidJsonError, isObject, parseJson } from './json-document';
import { MAX_EVENT_ID_BYTES, type NormalizedEvent } from './normalized-event';
import { cutTo, storable } from './plain-text';
import { readInstant } from './read-instant';
import { stripeSeverity } from './stripe-severity';

/** Why a signed body is no Stripe event. */
export type StripeBodyFault =
  | 'body_not_json'
  | 'body_too_deep'
  | 'body_not_object'
  | 'event_id_missing'
  | 'event_id_invalid'
  | 'event_type_missing';

/** The body, although rightly signed, is no Stripe event. */
export class StripeBodyError extends Error {
  constructor(
    readonly fault: StripeBodyFault,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'StripeBodyError';
  }
}

const MAX_SUMMARY = 1_024;
const MAX_DESCRIPTION = 10_000;
const MAX_TYPE = 256;

/** Before this, `created` is not a time Stripe can have meant. */
const EARLIEST = Date.UTC(2000, 0, 1);
/** Clocks differ, but not by more than this. */
const MAX_AHEAD_MS = 86_400_000;

/** A webhook whose signature was right. */
export interface StripeSignal {
  /** Whose endpoint it came to. */
  readonly account_id: string;
  /** The body's text. */
  readonly body: string;
  /** When it came; stands in where `created` is missing or absurd. */
  readonly receivedAt: number;
}

/**
 * Makes an event of a Stripe webhook's body, classic or thin. Whatever has a string `id` and a string `type`
 * is one; all else is optional in practice.
 *
 * @throws StripeBodyError
 */
export function normalizeStripe({ account_id, body, receivedAt }: StripeSignal): NormalizedEvent {
  const envelope = readEnvelope(body);
  const { id, type } = readIdentity(envelope);
  const object = objectOf(envelope);
  const shownType = cutTo(storable(type), MAX_TYPE);
  const objectId = object['id'];
  const startedAt = createdAt(envelope['created'], receivedAt);
  const description = failureMessage(object);
  return {
    account_id,
    event_id: id,
    source: 'stripe',
    kind: 'payment',
    severity: stripeSeverity(type, { object, isOfConnectedAccount: typeof envelope['account'] === 'string' }),
    service: 'stripe',
    type: shownType,
    user_id: null,
    summary: cutTo(
      typeof objectId === 'string' && objectId !== '' ? `${shownType}: ${storable(objectId)}` : shownType,
      MAX_SUMMARY,
    ),
    description: description === null ? null : cutTo(storable(description), MAX_DESCRIPTION),
    started_at: startedAt,
    resolved_at: null,
    updated_at: startedAt,
    raw: body,
  };
}

function readEnvelope(body: string): Record<string, unknown> {
  let envelope: unknown;
  try {
    envelope = parseJson(body);
  } catch (cause) {
    if (!(cause instanceof InvalidJsonError)) throw cause;
    throw new StripeBodyError(`body_${cause.fault}`, `The body is ${cause.message}.`, { cause });
  }
  if (!isObject(envelope)) throw new StripeBodyError('body_not_object', 'The body is not a JSON object.');
  return envelope;
}

function readIdentity({ id, type }: Record<string, unknown>): { id: string; type: string } {
  if (typeof id !== 'string' || id === '')
    throw new StripeBodyError('event_id_missing', 'The body has no string id.');
  if (typeof type !== 'string' || type === '') {
    throw new StripeBodyError('event_type_missing', 'The body has no string type.');
  }
  if (!id.isWellFormed() || id.includes('\0') || Buffer.byteLength(id) > MAX_EVENT_ID_BYTES) {
    const message = `The id holds NUL or half a surrogate pair, or is longer than ${MAX_EVENT_ID_BYTES} bytes.`;
    throw new StripeBodyError('event_id_invalid', message);
  }
  return { id, type };
}

/** What the event is about: `data.object`, or a thin event's `related_object`. */
function objectOf(envelope: Record<string, unknown>): Record<string, unknown> {
  const data = envelope['data'];
  const candidates = [isObject(data) ? data['object'] : undefined, envelope['related_object']];
  return candidates.find(isObject) ?? {};
}

/** `created` is in unix seconds, in thin events an ISO string. */
function createdAt(created: unknown, receivedAt: number): number {
  const at = typeof created === 'number' ? Math.round(created * 1_000) : readInstant(created);
  const isPlausible = at !== null && at >= EARLIEST && at <= receivedAt + MAX_AHEAD_MS;
  return isPlausible ? at : receivedAt;
}

/** Where Stripe's objects say in words what went wrong, in order of how well they say it. */
const MESSAGE_PATHS = [
  ['failure_message'],
  ['last_payment_error', 'message'],
  ['last_setup_error', 'message'],
  ['last_finalization_error', 'message'],
  ['outcome', 'seller_message'],
  ['error', 'message'],
  ['action', 'failure_message'],
  ['failure_reason'],
  ['requirements', 'disabled_reason'],
  ['failure_code'],
  ['reason'],
] as const;

function failureMessage(object: Record<string, unknown>): string | null {
  for (const path of MESSAGE_PATHS) {
    let value: unknown = object;
    for (const key of path) value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    if (typeof value === 'string' && value !== '') return value;
  }
  return null;
}
