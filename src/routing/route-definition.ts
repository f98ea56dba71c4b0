import type { DefinitionFields, Rule } from '../http/definition/definition-fields';
import {
  FLAG,
  INSTANT,
  LOCAL_TIME,
  listOf,
  oneOf,
  orNull,
  textOf,
  TIME_ZONE,
  wholeNumber,
} from '../http/definition/definition-rules';
import { isObject } from '../normalization/json-document';
import { KINDS, SEVERITIES, type Severity } from '../normalization/normalized-event';
import { WEEKDAYS } from '../normalization/zoned-time';
import type { DestinationNames } from './destination-names';
import { severitiesFrom } from './last-route';
import { DEFAULT_ROUTE, type Route, type RouteMatch } from './route';
import type { TimeWindow } from './time-window';

/** A route as its owner wants it; null for the id where it has none yet. */
export type RouteDraft = Omit<Route, 'id'> & { readonly id: string | null };

/** What it depends on whether a definition makes sense. */
export interface RouteContext {
  readonly names: DestinationNames;
  readonly now: number;
}

const MAX_NAME = 64;
const MAX_PATTERN = 200;
const MAX_VALUES = 50;
const MAX_DESTINATIONS = 51;
const DAY_S = 86_400;
const MAX_MUTE_MS = 366 * DAY_S * 1_000;

/** So long those of `to` have, where a route does not say. */
const FALLBACK_AFTER_S = 300;

const NAME: Rule<string> = {
  read: (value) => (value === DEFAULT_ROUTE ? undefined : textOf(MAX_NAME).read(value)),
  message: `${textOf(MAX_NAME).message}, and not "${DEFAULT_ROUTE}"`,
};

const ID: Rule<string> = {
  read: (value) => (typeof value === 'string' && /^[\w-]{1,64}$/.test(value) ? value : undefined),
  message: 'must be the id of a route',
};

const PATTERNS = oneOrMore(
  textOf(MAX_PATTERN),
  `must be text of 1 to ${MAX_PATTERN} characters, or a list of up to ${MAX_VALUES} of them`,
);
const KIND_LIST = oneOrMore(oneOf(KINDS), `must be one of ${KINDS.join(', ')}, or a list of them`);
const DAYS = listOf(oneOf(WEEKDAYS), `must be a list of ${WEEKDAYS.join(', ')}, each at most once`);

const SEVERITY_LIST: Rule<readonly Severity[]> = {
  read: (value) => {
    if (!isObject(value)) return oneOrMore(oneOf(SEVERITIES), '').read(value);
    const least = SEVERITIES.find((severity) => severity === value['from']);
    return least === undefined || Object.keys(value).length > 1 ? undefined : severitiesFrom(least);
  },
  message: `must be one of ${SEVERITIES.join(', ')}, a list of them, or {"from": the least of them}`,
};

/** Reads a route; its fields may be some of more that `fields` has. What is wrong is noted there. */
export function readRoute(fields: DefinitionFields, { names, now }: RouteContext): RouteDraft {
  const destination = destinationRule(names);
  const draft: RouteDraft = {
    id: fields.take('id', orNull(ID), null),
    name: fields.need('name', NAME),
    enabled: fields.take('enabled', FLAG, true),
    match: readMatch(fields.within('match')),
    to: fields.need('to', destinationList(destination)),
    continue: fields.take('continue', FLAG, false),
    shadow: fields.take('shadow', FLAG, false),
    percent: fields.take('percent', wholeNumber(0, 100), 100),
    mute_until: fields.take('mute_until', orNull(muteRule(now)), null),
    min_duration_s: fields.take('min_duration_s', orNull(wholeNumber(0, DAY_S)), null),
    remind_every_s: fields.take('remind_every_s', orNull(wholeNumber(60, 7 * DAY_S)), null),
    fallback: fields.take('fallback', orNull(destination), null),
    fallback_after_s: fields.take('fallback_after_s', wholeNumber(0, DAY_S), FALLBACK_AFTER_S),
  };
  if (draft.fallback !== null && draft.to?.includes(draft.fallback) === true) {
    fields.refuse('fallback', 'must be none of to');
  }
  return draft;
}

function readMatch(fields: DefinitionFields): RouteMatch {
  const match: RouteMatch = {
    ...given(fields, 'source', PATTERNS),
    ...given(fields, 'service', PATTERNS),
    ...given(fields, 'type', PATTERNS),
    ...given(fields, 'kind', KIND_LIST),
    ...given(fields, 'severity', SEVERITY_LIST),
    ...(fields.has('time') ? { time: readWindow(fields.within('time')) } : {}),
  };
  fields.refuseOthers('match');
  return match;
}

function readWindow(fields: DefinitionFields): TimeWindow {
  const window: TimeWindow = {
    ...given(fields, 'days', DAYS),
    ...given(fields, 'from', LOCAL_TIME),
    ...given(fields, 'to', LOCAL_TIME),
    timezone: fields.need('timezone', TIME_ZONE),
  };
  if (fields.has('from') !== fields.has('to'))
    fields.refuse(fields.has('from') ? 'to' : 'from', 'is missing');
  else if (window.from !== undefined && window.from === window.to)
    fields.refuse('to', 'must not be the same as from');
  fields.refuseOthers('time');
  return window;
}

/** A field that is left out of what is kept where it is left out of what was given. */
function given<Name extends string, T>(
  fields: DefinitionFields,
  name: Name,
  rule: Rule<T>,
): { readonly [N in Name]?: T } {
  const value = fields.take<T | undefined>(name, rule, undefined);
  return (value === undefined ? {} : { [name]: value }) as { readonly [N in Name]?: T };
}

function destinationRule(names: DestinationNames): Rule<string> {
  return {
    read: (value) => (typeof value === 'string' ? names.idOf(value) : undefined),
    message: 'must be the name of a destination of the account, or pagerduty',
  };
}

function destinationList({ read }: Rule<string>): Rule<readonly string[]> {
  return {
    read: (value) =>
      Array.isArray(value) && value.length === 0
        ? []
        : listOf({ read, message: '' }, '', MAX_DESTINATIONS).read(value),
    message: 'must be a list of names of destinations of the account, or pagerduty, each at most once',
  };
}

function muteRule(now: number): Rule<number> {
  return {
    read: (value) => {
      const until = INSTANT.read(value);
      return until === undefined || until > now + MAX_MUTE_MS ? undefined : until;
    },
    message: `${INSTANT.message}, at most 366 days ahead`,
  };
}

/** One value, or a list of them. */
function oneOrMore<T>(rule: Rule<T>, message: string): Rule<readonly T[]> {
  const list = listOf(rule, message, MAX_VALUES);
  return { read: (value) => list.read(Array.isArray(value) ? value : [value]), message };
}
