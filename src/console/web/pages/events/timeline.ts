import type { Attempt, Delivery, EventDetail, Revision } from '../../api/types';
import { durationText } from '../../parts/duration';
import { actionText, holdText, reasonText } from '../../parts/delivery-words';
import type { IconName } from '../../parts/icon';
import type { Tone } from '../../parts/state-mark';
import { calledNames, routedStep, type Routing } from './routed-step';

/** What a field was and became. */
export interface Difference {
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Something that happened to an event. Instants are ISO-8601 UTC. */
export interface Moment {
  readonly key: string;
  readonly at: string;
  readonly tone: Tone;
  readonly icon: IconName;
  readonly title: string;
  readonly detail: string | null;
  readonly differences: readonly Difference[];
  /** Where more is told about it. */
  readonly link?: { readonly href: string; readonly text: string };
}

/** Everything that is known to have happened, first to last. */
export function timelineOf(event: EventDetail, routing: Routing): Moment[] {
  const [first, ...later] = event.revisions.map((revision, index) =>
    known(revision, event.revisions[index - 1]),
  );
  const called = calledNames(routing);
  const moments = [
    began(event),
    ...(first === undefined ? [] : [first]),
    routedStep(event, routing),
    ...later,
    ...event.deliveries.flatMap((delivery) =>
      momentsOfDelivery({
        ...delivery,
        destination: called.get(delivery.destination) ?? delivery.destination,
      }),
    ),
  ];
  return moments
    .map((moment, place) => ({ moment, place }))
    .sort((one, other) => Date.parse(one.moment.at) - Date.parse(other.moment.at) || one.place - other.place)
    .map(({ moment }) => moment);
}

function began({ started_at, source, received_at }: EventDetail): Moment {
  const lagMs = Date.parse(received_at) - Date.parse(started_at);
  return {
    key: 'began',
    at: started_at,
    tone: 'quiet',
    icon: 'dot',
    title: 'Began',
    detail:
      lagMs > 0 ? `as ${source} says; we heard of it ${durationText(lagMs)} later` : `as ${source} says`,
    differences: [],
  };
}

function known(revision: Revision, before: Revision | undefined): Moment {
  const isFirst = revision.revision === 1;
  const isEnd = revision.resolved_at !== null && (before?.resolved_at ?? null) === null;
  const isByHand = revision.origin === 'operator';
  return {
    key: `revision ${revision.revision}`,
    at: revision.recorded_at,
    tone: isEnd ? 'ok' : 'maintenance',
    icon: isEnd ? 'check' : 'inbox',
    title: isEnd && !isFirst ? (isByHand ? 'Resolved by hand' : 'Resolved') : isFirst ? 'Stored' : 'Changed',
    detail: revision.note,
    differences: before === undefined ? [] : differencesOf(before, revision),
  };
}

const COMPARED = ['severity', 'summary', 'description', 'resolved_at'] as const;

/** What changed from one state to the next. */
export function differencesOf(before: Revision, after: Revision): Difference[] {
  return COMPARED.filter((field) => before[field] !== after[field]).map((field) => ({
    field: field.replace('_', ' '),
    before: before[field],
    after: after[field],
  }));
}

function momentsOfDelivery(delivery: Delivery): Moment[] {
  const { id, action, destination, status, reason, created_at, finished_at, attempts } = delivery;
  const { hold, held_until, replay_of } = delivery;
  const details = [
    hold === null ? null : `held until ${held_until}: ${holdText(hold)}`,
    replay_of === null ? null : `repeats delivery ${replay_of}`,
  ];
  const asked: Moment = {
    key: `delivery ${id}`,
    at: created_at,
    tone: 'quiet',
    icon: 'arrow',
    title: `${actionText(action)} for ${destination} decided`,
    detail: details.filter((text) => text !== null).join(' · ') || null,
    differences: [],
  };
  const tried = attempts.map((attempt) => momentOfAttempt(delivery, attempt));
  if (status !== 'skipped' && status !== 'dead') return [asked, ...tried];
  const end: Moment = {
    key: `delivery ${id} end`,
    at: finished_at ?? created_at,
    tone: status === 'dead' ? 'outage' : 'quiet',
    icon: status === 'dead' ? 'cross' : 'dot',
    title: status === 'dead' ? `Given up at ${destination}` : `Not sent to ${destination}`,
    detail: reason === null ? null : reasonText(reason),
    differences: [],
  };
  return [asked, ...tried, end];
}

function momentOfAttempt({ id, destination, action }: Delivery, attempt: Attempt): Moment {
  const { number, started_at, finished_at, outcome, http_status, error, response, retry_at } = attempt;
  const isDelivered = outcome === 'delivered';
  const took = finished_at === null ? null : durationText(Date.parse(finished_at) - Date.parse(started_at));
  const parts = [
    http_status === null ? null : `answered ${http_status}`,
    took === null ? null : `in ${took}`,
    http_status === null ? error : null,
    isDelivered ? null : response,
    retry_at === null ? null : `next try at ${retry_at}`,
  ];
  const what = actionText(action);
  return {
    key: `attempt ${id} ${number}`,
    at: finished_at ?? started_at,
    tone: isDelivered ? 'ok' : outcome === null ? 'quiet' : 'degraded',
    icon: isDelivered ? 'send' : outcome === null ? 'clock' : 'warning',
    title: isDelivered
      ? `${what} delivered to ${destination}`
      : `Attempt ${number} at ${destination}: ${outcome ?? 'under way'}`,
    detail: parts.filter((part) => part !== null).join(' · ') || null,
    differences: [],
  };
}
