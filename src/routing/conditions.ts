import { placeAmongHundred } from './percent';
import type { Route, RouteMatch } from './route';
import { describeWindow, isWithinWindow, shownTime } from './time-window';
import { textMatcher, type TextMatcher } from './wildcards';
import type { RoutedEvent } from './wishes';

/** One condition of a route: what decides, and what is said of it. */
export interface Condition {
  readonly field: keyof RouteMatch | 'percent';
  /** What is asked for, in words. */
  readonly wanted: string;
  holds(event: RoutedEvent, at: number): boolean;
  /** What there is instead, in words. */
  seen(event: RoutedEvent, at: number): string;
}

/** A condition that may hold for one of two events of the same sort: by the time of day, or by its id. */
export function isOfOneEvent({ field }: Condition): boolean {
  return field === 'time' || field === 'percent';
}

/** The conditions of a route; all of them have to hold. */
export function conditionsOf({ match, percent }: Pick<Route, 'match' | 'percent'>): readonly Condition[] {
  const { source, service, type, kind, severity, time } = match;
  const texts = { source, service, type };
  const words = { kind, severity };
  const conditions: Condition[] = [];
  for (const [field, values] of entriesOf(words)) conditions.push(attribute(field, values, exactly(values)));
  for (const [field, values] of entriesOf(texts))
    conditions.push(attribute(field, values, textMatcher(values)));
  if (time !== undefined) {
    conditions.push({
      field: 'time',
      wanted: describeWindow(time),
      holds: (_event, at) => isWithinWindow(time, at),
      seen: (_event, at) => shownTime(time.timezone, at),
    });
  }
  if (percent < 100) {
    conditions.push({
      field: 'percent',
      wanted: `less than ${percent}`,
      holds: (event) => placeAmongHundred(event) < percent,
      seen: (event) => `${placeAmongHundred(event)} (by a hash of its id)`,
    });
  }
  return conditions;
}

type Attribute = 'source' | 'service' | 'type' | 'kind' | 'severity';

function attribute(field: Attribute, values: readonly string[], matches: TextMatcher): Condition {
  return {
    field,
    wanted: values.join(' or '),
    holds: (event) => matches(event[field]),
    seen: (event) => event[field],
  };
}

function exactly(values: readonly string[]): TextMatcher {
  return (text) => values.includes(text);
}

function entriesOf<Field extends Attribute>(
  fields: Readonly<Record<Field, readonly string[] | undefined>>,
): [Field, readonly string[]][] {
  return (Object.entries(fields) as [Field, readonly string[] | undefined][]).flatMap(([field, values]) =>
    values === undefined ? [] : [[field, values]],
  );
}
