import type { RouteMatch, TimeWindow } from '../../api/types';
import { durationText } from '../../parts/duration';
import type { RouteFields } from './rule';

/** What a route does, in plain words. Instants in them are ISO 8601, UTC. */
export interface RouteInWords {
  readonly when: string;
  readonly tells: string;
  /** Whatever is not as it usually is. */
  readonly also: readonly string[];
  readonly then: string;
}

const FIELDS = ['source', 'service', 'type', 'kind', 'severity'] as const;

const DAYS: Readonly<Record<string, string>> = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
};

/** Says what a route does. */
export function inWords(route: RouteFields, now: number): RouteInWords {
  const { to, fallback } = route;
  return {
    when: conditionsText(route.match),
    tells: to.length === 0 ? 'nobody' : listText(to, 'and'),
    also: [
      ...(route.min_duration_s === null || route.min_duration_s === 0
        ? []
        : [`waits ${secondsText(route.min_duration_s)}; what is over sooner is told to nobody`]),
      ...(route.remind_every_s === null
        ? []
        : [`tells it again every ${secondsText(route.remind_every_s)} while it is open`]),
      ...(fallback === null
        ? []
        : [
            `tells ${fallback} where it is refused, or not taken within ${secondsText(route.fallback_after_s)}`,
          ]),
      ...(route.percent === 100
        ? []
        : [`is for ${route.percent} % of events, chosen by a hash of their ids`]),
      ...(route.shadow ? ['is in shadow: it only notes what it would send'] : []),
      ...(isMuted(route, now) ? [`is muted until ${route.mute_until}: until then it opens nothing`] : []),
    ],
    then: route.continue || route.shadow ? 'asks the rules behind it too' : 'ends the walk',
  };
}

/** Whether a route is muted at an instant, milliseconds since 1970 UTC. */
export function isMuted({ mute_until }: Pick<RouteFields, 'mute_until'>, now: number): boolean {
  return mute_until !== null && Date.parse(mute_until) > now;
}

/** Which events a route is for. */
export function conditionsText(match: RouteMatch): string {
  const conditions = FIELDS.flatMap((field) => {
    const values: readonly string[] | undefined = match[field];
    return values === undefined ? [] : [`${field} is ${listText(values, 'or')}`];
  });
  const all = match.time === undefined ? conditions : [...conditions, `it is ${windowText(match.time)}`];
  return all.length === 0 ? 'always, whatever it is' : listText(all, 'and');
}

/** Hours of the week. */
export function windowText({ days, from, to, timezone }: TimeWindow): string {
  const on =
    days === undefined
      ? 'any day'
      : listText(
          days.map((day) => DAYS[day] ?? day),
          'or',
        );
  const hours = from === undefined || to === undefined ? '' : ` from ${from} to ${to}`;
  const next = from !== undefined && to !== undefined && to < from ? ' of the next day' : '';
  return `${on}${hours}${next} in ${timezone}`;
}

/** Things in a row: `a, b or c`. */
export function listText(things: readonly string[], last: 'and' | 'or'): string {
  const [end, ...before] = [...things].reverse();
  return before.length === 0 ? (end ?? '') : `${before.reverse().join(', ')} ${last} ${end}`;
}

function secondsText(seconds: number): string {
  return durationText(seconds * 1_000);
}
