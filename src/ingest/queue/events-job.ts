import type { NormalizedEvent } from '../../normalization/normalized-event';

/** One tenant's post, or what of it a job carries. */
export interface QueuedPost {
  readonly request_id: string;
  readonly events: readonly NormalizedEvent[];
  /** What continues the post's trace; left out where it is not traced. */
  readonly traceparent?: string;
}

/** What a job of the queue `events` carries. */
export interface EventsJob {
  readonly posts: readonly QueuedPost[];
}

/** A job, and whose turn it is: least first. */
export interface PlacedJob {
  readonly job: EventsJob;
  readonly priority: number;
}

/** A part of a post, of one account; `place` is its last event's in the row of what its account has waiting. */
interface Part {
  readonly post: QueuedPost;
  readonly place: number;
}

/**
 * So many events a job carries at most. What workers have in hand keeps everybody waiting who posts now, and that is so
 * many for each job that they take at a time: few. But Redis and BullMQ work for each job, whatever it carries: not too few.
 */
export const MAX_JOB_EVENTS = 50;

/** Who has up to so many times as much waiting as another one may wait with them. */
const NEIGHBOURHOOD = 2;

/** How many events each account has in posts. */
export function countByAccount(posts: readonly QueuedPost[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { events } of posts) {
    for (const { account_id } of events) counts.set(account_id, (counts.get(account_id) ?? 0) + 1);
  }
  return counts;
}

/**
 * Puts posts into jobs. A job's priority is the place of its last event in its account's row, so that accounts take
 * turns: one with a hundred thousand events waiting keeps nobody waiting who has one. Those whose turn it is at about the
 * same time share jobs, whoever they are from; large posts are cut. An account's events stay in their order.
 *
 * @param backlogs what each account has waiting, these posts included
 */
export function toJobs(posts: readonly QueuedPost[], backlogs: ReadonlyMap<string, number>): PlacedJob[] {
  const jobs: { readonly posts: QueuedPost[]; readonly first: number; last: number; room: number }[] = [];
  const parts = placed(posts, backlogs).sort((one, next) => one.place - next.place);
  for (const { post, place } of parts) {
    const count = post.events.length;
    const open = jobs.at(-1);
    if (
      open === undefined ||
      open.room < count ||
      place > NEIGHBOURHOOD * Math.max(open.first, MAX_JOB_EVENTS)
    ) {
      jobs.push({ posts: [post], first: place, last: place, room: MAX_JOB_EVENTS - count });
    } else {
      open.posts.push(post);
      open.last = place;
      open.room -= count;
    }
  }
  return jobs.map((job) => ({ job: { posts: job.posts }, priority: job.last }));
}

/** The parts of posts, in order, and their places. */
function placed(posts: readonly QueuedPost[], backlogs: ReadonlyMap<string, number>): Part[] {
  const before = new Map<string, number>();
  for (const [account_id, count] of countByAccount(posts)) {
    before.set(account_id, (backlogs.get(account_id) ?? count) - count);
  }
  return posts.flatMap(cutUp).map((post) => {
    const { account_id } = post.events[0] as NormalizedEvent;
    const place = (before.get(account_id) as number) + post.events.length;
    before.set(account_id, place);
    return { post, place };
  });
}

/** A post's events by account, in parts that fit into a job. */
function cutUp(post: QueuedPost): QueuedPost[] {
  const { events, ...common } = post;
  if (events.length === 1) return [post];
  return [...Map.groupBy(events, ({ account_id }) => account_id).values()].flatMap((theirs) => {
    const parts = Math.ceil(theirs.length / MAX_JOB_EVENTS);
    return Array.from({ length: parts }, (_, part) => {
      const from = part * MAX_JOB_EVENTS;
      return { ...common, events: theirs.slice(from, from + MAX_JOB_EVENTS) };
    });
  });
}
