import { setTimeout as sleep } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { QUEUES } from '../../src/redis/queue-names';
import { eventually } from '../harness/eventually';
import { queryPostgres } from '../harness/postgres-session';
import type { Installation } from './installation';
import type { Acknowledged, Tenants } from './tenants';

/** What is left when everything has come to rest. */
export interface Rest {
  /** Acknowledged, and nowhere. */
  readonly lost: readonly Acknowledged[];
  readonly stored: number;
}

/** A lease that a killed process held, and a job of one, go to another only after some twenty seconds. */
const REST_LIMIT_MS = 90_000;

const LOOK_EVERY_MS = 200;

/** One of each kind, and one for each connection and each delivery in flight. */
const MAX_COMPLAINTS = 40;

/** Names of stored events: `<account>/<event>`. */
export async function storedNames({ databaseUrl }: Pick<Installation, 'databaseUrl'>): Promise<Set<string>> {
  const rows = await queryPostgres<{ name: string }>(
    databaseUrl,
    `SELECT account_id || '/' || event_id AS name FROM events`,
  );
  return new Set(rows.map(({ name }) => name));
}

export function nameOf({ account_id, event_id }: Pick<Acknowledged, 'account_id' | 'event_id'>): string {
  return `${account_id}/${event_id}`;
}

/** Jobs in Redis, whatever their state. */
export async function countJobs({ redisUrl, prefix }: Installation): Promise<number> {
  let jobs = 0;
  for (const name of QUEUES) {
    const queue = new Queue(name, { connection: { url: redisUrl }, prefix: `${prefix}:queue` });
    const counts = await queue.getJobCounts();
    await queue.close();
    jobs += Object.values(counts).reduce((sum, count) => sum + count, 0);
  }
  return jobs;
}

/**
 * Waits until nothing is under way any more, and counts: no job is in Redis and no delivery is pending; every stored
 * event was counted once in the roll-ups; every critical one that is stored has exactly one delivery, which was
 * delivered, and the destination has heard of it. What was acknowledged and is not stored is for the caller to judge.
 */
export async function comeToRest(installation: Installation, tenants: Tenants): Promise<Rest> {
  const { databaseUrl, destination } = installation;
  await eventually(async () => {
    await sleep(LOOK_EVERY_MS);
    expect(await countJobs(installation)).toBe(0);
    expect(await queryPostgres(databaseUrl, UNFINISHED)).toEqual([]);
  }, REST_LIMIT_MS);
  expect(await queryPostgres(databaseUrl, 'SELECT id FROM dead_letters')).toEqual([]);
  expect(await queryPostgres(databaseUrl, COUNTED)).toEqual(await queryPostgres(databaseUrl, STORED));

  const stored = await storedNames(installation);
  const lost = tenants.acknowledged.filter((event) => !stored.has(nameOf(event)));
  const received = new Set(destination.received.map(({ body }) => body.dedup_key));
  const isPaged = (event: Acknowledged): boolean => received.has(nameOf(event));
  const critical = tenants.acknowledged.filter((event) => event.isCritical && stored.has(nameOf(event)));
  expect(critical.filter((event) => !isPaged(event))).toEqual([]);
  return { lost, stored: stored.size };
}

/** The same, where nothing may be lost; says what was counted. */
export async function expectNoLoss(
  what: string,
  installation: Installation,
  tenants: Tenants,
): Promise<void> {
  const { lost, stored } = await comeToRest(installation, tenants);
  say(what, tenants, stored, lost.length);
  expect(tenants.acknowledged.length).toBeGreaterThan(50);
  expect(lost).toEqual([]);
}

/** A trigger that was sent twice has been sent by somebody who did not know of the first time. */
export function expectNoPageTwice({ destination }: Installation): void {
  const { calls } = destination;
  expect(calls.filter((call, place) => calls.indexOf(call) !== place)).toEqual([]);
}

/** That an outage costs each process some lines of log, and not one for each try. */
export function expectFewComplaints(installation: Installation, outages: number): void {
  const counts = installation.countComplaints();
  process.stdout.write(`lines of warning after ${outages} outages: ${JSON.stringify(counts)}\n`);
  const tooMany = Object.entries(counts).filter(([, count]) => count > outages * MAX_COMPLAINTS);
  expect(tooMany).toEqual([]);
}

/** For people who look at a run. */
export function say(what: string, tenants: Tenants, stored: number, lost: number): void {
  const { acknowledged, statuses } = tenants;
  const critical = acknowledged.filter(({ isCritical }) => isCritical).length;
  process.stdout.write(
    `${what}: ${acknowledged.length} events acknowledged (${tenants.countOf('queued')} queued, ` +
      `${tenants.countOf('committed')} committed; ${critical} critical), ${stored} stored, ${lost} lost; ` +
      `answers by status ${JSON.stringify(statuses)}\n`,
  );
}

/** Critical events without exactly one delivery that was delivered. */
const UNFINISHED = `
  SELECT e.account_id, e.event_id, count(d.id) AS deliveries, min(d.status) AS status
  FROM events e LEFT JOIN deliveries d ON d.account_id = e.account_id AND d.event_id = e.event_id
  WHERE e.severity = 'critical'
  GROUP BY e.account_id, e.event_id HAVING count(d.id) <> 1 OR min(d.status) <> 'delivered'
  LIMIT 5`;

const DAY_MS = 86_400_000;

const STORED =
  'SELECT account_id, count(*)::int AS events FROM events GROUP BY account_id ORDER BY account_id';

const COUNTED = `
  SELECT account_id, sum(count)::int AS events FROM event_counts WHERE span_ms = ${DAY_MS}
  GROUP BY account_id ORDER BY account_id`;
