import { ACCOUNT_ID } from './account-id';
import { isObject } from './json-document';
import {
  KINDS,
  MAX_EVENT_ID_BYTES,
  SEVERITIES,
  type Kind,
  type NormalizedEvent,
  type Severity,
} from './normalized-event';
import { cutTo, storable } from './plain-text';
import { readStrictInstant } from './strict-instant';
import { descriptionOf, summaryOf } from './tenant-summary';

/** The source of tenants' events, and their service: whose it is, the account says. */
const APP = 'app';

const MAX_USER_ID = 256;
const MAX_TYPE = 200;

/** A fault repeats so much of the name of a field that nobody knows. */
const MAX_SHOWN_NAME = 64;

/** An event as tenants may write it. */
export interface TenantEvent {
  readonly event_id?: string;
  readonly account_id: string;
  readonly user_id: string;
  readonly type: string;
  readonly timestamp: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly severity?: Severity;
  readonly kind?: Kind;
  readonly resolved_at?: string | null;
}

/** What is wrong with an event. */
export interface FieldFault {
  /** Null where it is no object at all. */
  readonly field: string | null;
  /** Behind the field's name it makes a sentence. */
  readonly message: string;
}

interface Rule {
  readonly isFulfilled: (value: unknown) => boolean;
  /** Says what is asked for. */
  readonly message: string;
}

const INSTANT_MESSAGE = 'must be an instant of ISO 8601 with its zone, such as 2026-01-15T10:40:00.000Z';

const RULES: Readonly<Record<keyof TenantEvent, Rule>> = {
  event_id: {
    isFulfilled: isEventId,
    message: `must be 1 to ${MAX_EVENT_ID_BYTES} bytes of text without NUL`,
  },
  account_id: {
    isFulfilled: (value) => typeof value === 'string' && ACCOUNT_ID.test(value),
    message:
      'must be 1 to 64 letters, digits, dots, dashes and underscores, and begin with a letter or digit',
  },
  user_id: textOf(MAX_USER_ID),
  type: textOf(MAX_TYPE),
  timestamp: { isFulfilled: isInstant, message: INSTANT_MESSAGE },
  metadata: { isFulfilled: isObject, message: 'must be an object' },
  severity: oneOf(SEVERITIES),
  kind: oneOf(KINDS),
  resolved_at: {
    isFulfilled: (value) => value === null || isInstant(value),
    message: `${INSTANT_MESSAGE}, or null`,
  },
};

/** A Map, because an object would know `constructor` too. */
const RULE_OF: ReadonlyMap<string, Rule> = new Map(Object.entries(RULES));

const REQUIRED = ['account_id', 'user_id', 'type', 'timestamp'] as const;

const NONE: readonly FieldFault[] = [];

/**
 * The first faults of what is to be a `TenantEvent`; none where it is one. A field that nobody knows is a fault:
 * nobody would be paged for a `severty`.
 */
export function findFaults(element: unknown, most: number): readonly FieldFault[] {
  if (!isObject(element)) return [{ field: null, message: 'must be an object' }];
  const faults: FieldFault[] = [];
  for (const field of REQUIRED) {
    if (element[field] === undefined) faults.push({ field, message: 'is missing' });
  }
  for (const field in element) {
    if (faults.length >= most) break;
    const rule = RULE_OF.get(field);
    if (rule === undefined) faults.push({ field: shown(field), message: 'is no field of an event' });
    else if (!rule.isFulfilled(element[field])) faults.push({ field, message: rule.message });
  }
  return faults.length === 0 ? NONE : faults.slice(0, most);
}

/** The event that a tenant means. `raw` is what it wrote. */
export function toEvent(element: TenantEvent, event_id: string, raw: string): NormalizedEvent {
  const { account_id, resolved_at, metadata } = element;
  const type = storable(element.type);
  const user_id = storable(element.user_id);
  const at = Date.parse(element.timestamp);
  return {
    account_id,
    event_id,
    source: APP,
    kind: element.kind ?? 'activity',
    severity: element.severity ?? 'info',
    service: APP,
    type,
    user_id,
    summary: summaryOf({ account_id, type, user_id, metadata }),
    description: descriptionOf(metadata),
    started_at: at,
    resolved_at: typeof resolved_at === 'string' ? Date.parse(resolved_at) : null,
    updated_at: at,
    raw,
  };
}

function textOf(maxCharacters: number): Rule {
  const fits = (text: string): boolean =>
    text.length <= maxCharacters || (text.length <= 2 * maxCharacters && [...text].length <= maxCharacters);
  return {
    isFulfilled: (value) => typeof value === 'string' && value.trim() !== '' && fits(value),
    message: `must be text of 1 to ${maxCharacters} characters`,
  };
}

function oneOf(words: readonly string[]): Rule {
  return {
    isFulfilled: (value) => words.includes(value as string),
    message: `must be one of ${words.join(', ')}`,
  };
}

function isEventId(value: unknown): boolean {
  if (typeof value !== 'string' || value === '' || value.length > MAX_EVENT_ID_BYTES) return false;
  return value.isWellFormed() && !value.includes('\0') && Buffer.byteLength(value) <= MAX_EVENT_ID_BYTES;
}

function isInstant(value: unknown): boolean {
  return readStrictInstant(value) !== null;
}

function shown(name: string): string {
  return cutTo(storable(name.slice(0, 2 * MAX_SHOWN_NAME + 2)), MAX_SHOWN_NAME);
}
