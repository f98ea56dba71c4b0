import { isObject } from '../../normalization/json-document';
import { DefinitionFields, type DefinitionFault } from '../../http/definition/definition-fields';
import {
  INSTANT,
  isWholeNumber,
  listOf,
  LOCAL_TIME,
  oneOf,
  orNull,
  TIME_ZONE,
  wholeNumber,
} from '../../http/definition/definition-rules';
import { WEEKDAYS, type Weekday } from '../../normalization/zoned-time';
import type { MaintenanceSchedule, OneOffMaintenance } from './maintenance';

/** A schedule, or everything that is wrong with it. */
export type MaintenanceReading =
  { readonly schedule: MaintenanceSchedule } | { readonly faults: readonly DefinitionFault[] };

const REPEATS = ['once', 'daily', 'weekly', 'monthly'] as const;

const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;
const MAX_ONCE_MS = 31 * DAY_S * 1_000;

/** Shorter than the shortest day, week or month, so that there is time between one and the next. */
const MAX_DURATION_S = { daily: 22 * HOUR_S, weekly: 6 * DAY_S, monthly: 27 * DAY_S };

const ON_WEEKDAYS = listOf(oneOf(WEEKDAYS), `must be a list of ${WEEKDAYS.join(', ')}, each at most once`);

const ON_DAYS = listOf<number | 'last'>(
  {
    read: (value) => (value === 'last' || isWholeNumber(value, 1, 31) ? value : undefined),
    message: '',
  },
  'must be a list of days of the month, 1 to 31 or "last", each at most once',
);

/**
 * Reads when there is maintenance: once, `{"starts_at","ends_at"}`, or daily, weekly or monthly, `{"repeats":"weekly",
 * "on":["sun"],"local_time":"02:30","time_zone":"Europe/Berlin","duration_s":3600}`, where `from_at` and `until_at`
 * may bound it. Instants are ISO 8601 with a zone. Unknown fields are faults.
 */
export function readMaintenance(input: unknown): MaintenanceReading {
  if (!isObject(input)) return { faults: [{ field: null, message: 'must be an object' }] };
  const fields = new DefinitionFields(input);
  const repeats = fields.take('repeats', oneOf(REPEATS), 'once');
  // Without it, nobody knows which fields it can have.
  if (fields.faults.length > 0) return { faults: fields.faults };
  const schedule = repeats === 'once' ? readOnce(fields) : readRecurring(fields, repeats);
  fields.refuseOthers(repeats === 'once' ? 'a maintenance that happens once' : `a ${repeats} maintenance`);
  return fields.faults.length > 0 ? { faults: fields.faults } : { schedule };
}

function readOnce(fields: DefinitionFields): OneOffMaintenance {
  const starts_at = fields.need('starts_at', INSTANT);
  const ends_at = fields.need('ends_at', INSTANT);
  // Where one is faulty, both comparisons are false.
  if (ends_at <= starts_at) fields.refuse('ends_at', 'must be after starts_at');
  if (ends_at - starts_at > MAX_ONCE_MS) fields.refuse('ends_at', 'must be at most 31 days after starts_at');
  return { repeats: 'once', starts_at, ends_at };
}

function readRecurring(
  fields: DefinitionFields,
  repeats: Exclude<MaintenanceSchedule['repeats'], 'once'>,
): MaintenanceSchedule {
  const recurrence = {
    local_time: fields.need('local_time', LOCAL_TIME),
    time_zone: fields.need('time_zone', TIME_ZONE),
    duration_s: fields.need('duration_s', wholeNumber(60, MAX_DURATION_S[repeats])),
    from_at: fields.take('from_at', orNull(INSTANT), null),
    until_at: fields.take('until_at', orNull(INSTANT), null),
  };
  const { from_at, until_at } = recurrence;
  if (from_at !== null && until_at !== null && until_at <= from_at) {
    fields.refuse('until_at', 'must be after from_at');
  }
  switch (repeats) {
    case 'daily':
      return { repeats, ...recurrence };
    case 'weekly':
      return { repeats, on: fields.need<readonly Weekday[]>('on', ON_WEEKDAYS), ...recurrence };
    case 'monthly':
      return { repeats, on: fields.need('on', ON_DAYS), ...recurrence };
  }
}
