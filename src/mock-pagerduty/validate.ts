import { isObject } from '../normalization/json-document';

/** What PagerDuty's Events API v2 can be asked to do. */
export const EVENT_ACTIONS = ['trigger', 'acknowledge', 'resolve'] as const;
export type EventAction = (typeof EVENT_ACTIONS)[number];

/** The severities that PagerDuty knows. */
const SEVERITIES = ['critical', 'error', 'warning', 'info'];

const ROUTING_KEY_CHARACTERS = 32;
const MAX_DEDUP_KEY_CHARACTERS = 255;
const MAX_SUMMARY_CHARACTERS = 1_024;

/** The fields of a valid message that the mock itself goes by. */
export interface ValidMessage {
  readonly routing_key: string;
  readonly event_action: EventAction;
  readonly dedup_key?: string | null;
  readonly payload?: { readonly summary: string; readonly severity: string } | null;
}

/**
 * Checks an Events API v2 body as PagerDuty would (its published description of `POST /v2/enqueue`; the limits
 * and the wording from its reference and from its answers). Empty where the body is a `ValidMessage`, else one
 * sentence per fault. Fields that PagerDuty does not know are none of its business.
 */
export function validate(message: unknown): string[] {
  if (!isObject(message)) return ['Event object must be a JSON object'];
  const action = message.event_action;
  return [
    ...routingKeyFaults(message.routing_key),
    ...choiceFaults('event_action', action, EVENT_ACTIONS),
    ...(action === 'acknowledge' || action === 'resolve' ? requiredTextFaults : textFaults)(
      'dedup_key',
      message.dedup_key,
      MAX_DEDUP_KEY_CHARACTERS,
    ),
    ...(action === 'trigger' ? payloadFaults(message.payload) : []),
    ...textFaults('client', message.client),
    ...textFaults('client_url', message.client_url),
    ...listFaults('links', message.links, 'href'),
    ...listFaults('images', message.images, 'src'),
  ];
}

function payloadFaults(payload: unknown): string[] {
  if (isAbsent(payload)) return ["'payload' is missing or blank"];
  if (!isObject(payload)) return ["'payload' must be an object"];
  return [
    ...requiredTextFaults('payload.summary', payload.summary, MAX_SUMMARY_CHARACTERS),
    ...requiredTextFaults('payload.source', payload.source),
    ...choiceFaults('payload.severity', payload.severity, SEVERITIES),
    ...timestampFaults(payload.timestamp),
    ...textFaults('payload.component', payload.component),
    ...textFaults('payload.group', payload.group),
    ...textFaults('payload.class', payload.class),
    ...(isAbsent(payload.custom_details) || isObject(payload.custom_details)
      ? []
      : ["'payload.custom_details' must be an object"]),
  ];
}

function routingKeyFaults(key: unknown): string[] {
  if (isBlank(key)) return ["'routing_key' is missing or blank"];
  if (typeof key !== 'string') return ["'routing_key' must be a string"];
  return [
    ...(countCharacters(key) === ROUTING_KEY_CHARACTERS
      ? []
      : [`Length of 'routing_key' is incorrect (should be ${ROUTING_KEY_CHARACTERS} characters)`]),
    ...(/^[A-Za-z0-9]*$/.test(key) ? [] : ["'routing_key' cannot contain non-alphanumeric characters."]),
  ];
}

function choiceFaults(name: string, value: unknown, choices: readonly string[]): string[] {
  if (isBlank(value)) return [`'${name}' is missing or blank`];
  if (typeof value === 'string' && choices.includes(value)) return [];
  return [`'${name}' is invalid (must be one of the following: '${choices.join("', '")}')`];
}

function requiredTextFaults(name: string, value: unknown, maxCharacters = Infinity): string[] {
  return isBlank(value) ? [`'${name}' is missing or blank`] : textFaults(name, value, maxCharacters);
}

function textFaults(name: string, value: unknown, maxCharacters = Infinity): string[] {
  if (isAbsent(value)) return [];
  if (typeof value !== 'string') return [`'${name}' must be a string`];
  if (countCharacters(value) <= maxCharacters) return [];
  return [`Length of '${name}' is incorrect (should be at most ${maxCharacters} characters)`];
}

/**
 * ISO 8601 date, or date and time, the first group being that without fraction and offset. PagerDuty's own
 * examples have offsets without a colon (`+0000`), which `Date` does not read.
 */
const ISO_8601 =
  /^(\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?)?)(?:(?<=:\d{2})(?:[.,]\d{1,9})?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?$/;

function timestampFaults(value: unknown): string[] {
  if (isAbsent(value)) return [];
  const dateAndTime = typeof value === 'string' ? ISO_8601.exec(value)?.[1] : undefined;
  if (dateAndTime !== undefined && !Number.isNaN(Date.parse(dateAndTime))) return [];
  return ["'payload.timestamp' is invalid (must be an ISO 8601 date and time)"];
}

function listFaults(name: string, list: unknown, requiredField: string): string[] {
  if (isAbsent(list)) return [];
  if (!Array.isArray(list)) return [`'${name}' must be an array`];
  const isComplete = list.every((item: unknown) => isObject(item) && typeof item[requiredField] === 'string');
  return isComplete ? [] : [`'${name}' is invalid (every item needs a '${requiredField}')`];
}

function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

function isBlank(value: unknown): boolean {
  return isAbsent(value) || (typeof value === 'string' && value.trim() === '');
}

/** Characters, not UTF-16 units: a surrogate pair is one. */
function countCharacters(text: string): number {
  return Array.from(text).length;
}
