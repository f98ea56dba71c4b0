import type { NormalizedEvent } from '../../normalization/normalized-event';
import { countByAccount, MAX_JOB_EVENTS, toJobs, type PlacedJob, type QueuedPost } from './events-job';

function events(account_id: string, count: number, from = 0): NormalizedEvent[] {
  return Array.from({ length: count }, (_, n) => ({
    account_id,
    event_id: `${account_id}-${from + n}`,
    source: 'app',
    kind: 'activity',
    severity: 'info',
    service: 'app',
    type: 'login',
    user_id: 'user-1',
    summary: 'login',
    description: null,
    started_at: 0,
    resolved_at: null,
    updated_at: 0,
    raw: '{}',
  }));
}

function post(request_id: string, ...lists: NormalizedEvent[][]): QueuedPost {
  return { request_id, events: lists.flat() };
}

/** The jobs where nothing else waits, or what else waits of accounts. */
function jobsOf(posts: readonly QueuedPost[], waiting: Readonly<Record<string, number>> = {}): PlacedJob[] {
  const backlogs = [...countByAccount(posts)].map(([account_id, count]) => {
    return [account_id, count + (waiting[account_id] ?? 0)] as const;
  });
  return toJobs(posts, new Map(backlogs));
}

/** Each job in short: its priority, and how many events of which account and request it carries. */
function shapes(jobs: readonly PlacedJob[]): unknown[] {
  return jobs.map(({ job, priority }) => [
    priority,
    ...job.posts.map(({ request_id, events }) => `${request_id} ${events[0]?.account_id}: ${events.length}`),
  ]);
}

describe('jobs of the queue events', () => {
  it('carry posts that come in together, whoever they are from', () => {
    const posts = [post('r1', events('a', 1)), post('r2', events('b', 2)), post('r3', events('a', 3))];
    expect(shapes(jobsOf(posts))).toEqual([[4, 'r1 a: 1', 'r2 b: 2', 'r3 a: 3']]);
  });

  it('carry a post of several accounts in parts of one each', () => {
    const mixed = post('r1', events('a', 2), events('b', 1), events('a', 1, 2));
    expect(shapes(jobsOf([mixed]))).toEqual([[3, 'r1 b: 1', 'r1 a: 3']]);
  });

  it('carry so many events and no more: a large post is cut, a small one stays whole', () => {
    const posts = [post('r1', events('a', 2 * MAX_JOB_EVENTS + 5)), post('r2', events('a', 10))];
    posts.push(post('r3', events('a', MAX_JOB_EVENTS - 14)));
    expect(shapes(jobsOf(posts))).toEqual([
      [MAX_JOB_EVENTS, `r1 a: ${MAX_JOB_EVENTS}`],
      [2 * MAX_JOB_EVENTS, `r1 a: ${MAX_JOB_EVENTS}`],
      [2 * MAX_JOB_EVENTS + 15, 'r1 a: 5', 'r2 a: 10'],
      [3 * MAX_JOB_EVENTS + 1, `r3 a: ${MAX_JOB_EVENTS - 14}`],
    ]);
  });

  it('are done in the order of the places in the rows of what each account has waiting', () => {
    const posts = ['whale', 'small', 'whale', 'other'].map((account, n) => post(`r${n}`, events(account, 1)));
    expect(shapes(jobsOf(posts, { whale: 100_000, other: 60 }))).toEqual([
      [61, 'r1 small: 1', 'r3 other: 1'],
      [100_002, 'r0 whale: 1', 'r2 whale: 1'],
    ]);
  });

  it('are never shared by accounts of which one has more than twice as much waiting', () => {
    const waiting = [0, 90, 150, 190, 250, 400].map((count, n) => [`a${n}`, count] as const);
    const posts = waiting.map(([account]) => post('r', events(account, 1)));
    const priorities = jobsOf(posts, Object.fromEntries(waiting)).map(({ priority }) => priority);
    expect(priorities).toEqual([91, 251, 401]);
  });

  it('carry every event once, those of an account in their order', () => {
    const posts = Array.from({ length: 40 }, (_, n) =>
      post(`r${n}`, events('a', (n * 7) % 23, n * 100), events(`b${n % 3}`, n, n * 100)),
    );
    const of = (account: string, all: readonly NormalizedEvent[]): string[] =>
      all.filter(({ account_id }) => account_id === account).map(({ event_id }) => event_id);
    const posted = posts.flatMap(({ events }) => events);
    const jobs = jobsOf(posts);
    const carried = jobs.map(({ job }) => job.posts.flatMap(({ events }) => events));
    for (const account of ['a', 'b0', 'b1', 'b2']) {
      expect(of(account, carried.flat())).toEqual(of(account, posted));
    }
    expect(carried.flat()).toHaveLength(posted.length);
    expect(Math.max(...carried.map(({ length }) => length))).toBeLessThanOrEqual(MAX_JOB_EVENTS);
    const priorities = jobs.map(({ priority }) => priority);
    expect(priorities).toEqual(priorities.toSorted((one, next) => one - next));
  });

  it('are none where there is nothing to carry', () => {
    expect(jobsOf([])).toEqual([]);
    expect(jobsOf([post('r1')])).toEqual([]);
  });
});
