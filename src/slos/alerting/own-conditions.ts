import { Injectable } from '@nestjs/common';
import { MINUTE_MS } from '../../events/summary/time-buckets';
import { seriesOf } from '../counting/series';
import type { AlertFacts } from '../model/alert-event';
import type { Reading } from '../model/alert-state';
import { deadReading, errorsReading, queueReading, slowReading, type AlertName } from '../model/alerts';
import { countOf, percentileBound } from '../model/histogram';
import type { LatencyObjective, Objective } from '../model/objective';
import { addTallies, countsOf, type Tally } from '../model/tally';
import { Objectives } from '../objectives/objectives';
import { CountsRepository } from '../storage/counts.repository';
import { OWN_SERVICE, type Condition } from './condition';
import { OwnState } from './own-state';

/** 99 % in parts of a million. */
const P99_PPM = 990_000;

/** The conditions of alerts that are about this service itself and need no budget. */
@Injectable()
export class OwnConditions {
  constructor(
    private readonly objectives: Objectives,
    private readonly counts: CountsRepository,
    private readonly own: OwnState,
  ) {}

  /** All of them, by the newest minute that is over. */
  async read(now: number): Promise<Condition[]> {
    return [
      ...(await this.ofQueues(now)),
      ...(await this.ofDeadThings(now)),
      ...(await this.ofRequests(now)),
    ];
  }

  private async ofQueues(now: number): Promise<Condition[]> {
    const queues = [
      ...(await this.own.waiting()),
      ['outbox', await this.own.pendingDeliveries(now)] as const,
    ];
    return queues.map(([queue, waiting]) =>
      condition('queue_deep', `queue:${queue}`, `The queue ${queue}`, queueReading(waiting), { waiting }),
    );
  }

  private async ofDeadThings(now: number): Promise<Condition[]> {
    const counts = [
      ['dead_delivery', 'deliveries', 'The outbox', await this.own.deadDeliveries()],
      ['dead_letter', 'dead-letters', 'The queue of events', await this.own.deadLetters()],
      ['dead_check', 'checks', 'The schedule of monitors', await this.own.deadChecks(now)],
    ] as const;
    return counts.map(([alert, subject, name, dead]) =>
      condition(alert, subject, name, deadReading(dead), { dead }),
    );
  }

  private async ofRequests(now: number): Promise<Condition[]> {
    const ofAll = this.objectives.all.filter(({ account_id }) => account_id === null);
    const conditions: Condition[] = [];
    for (const [route, objective] of slowRoutes(ofAll)) {
      const { latencies } = await this.lastMinute(objective, now);
      const p99 = percentileBound(latencies, P99_PPM);
      const measured = { 'p99 below, ms': p99 === Infinity ? null : p99, requests: countOf(latencies) };
      conditions.push(condition('slow', `route:${route}`, route, slowReading(latencies), measured));
    }
    for (const objective of ofAll.filter(({ kind }) => kind === 'error_rate')) {
      const { good, bad } = countsOf(objective, await this.lastMinute(objective, now));
      const reading = errorsReading({ good, bad, unseen: 0 });
      const measured = { errors: bad, requests: good + bad };
      conditions.push(condition('errors', `errors:${objective.id}`, objective.name, reading, measured));
    }
    return conditions;
  }

  private async lastMinute(objective: Objective, now: number): Promise<Tally> {
    const until_at = now - (now % MINUTE_MS);
    const range = { span_ms: MINUTE_MS, from_at: until_at - MINUTE_MS, until_at };
    const tallies: Tally[] = [];
    for (const series of seriesOf(objective)) {
      const read = await this.counts.read({ series, account_id: '' }, [range]);
      tallies.push(...read.map(({ tally }) => tally));
    }
    return addTallies(tallies);
  }
}

/** The routes that have to be quick however they are answered, each with one of the objectives that say so. */
function slowRoutes(objectives: readonly Objective[]): Map<string, LatencyObjective> {
  const routes = new Map<string, LatencyObjective>();
  for (const objective of objectives) {
    if (objective.kind !== 'latency' || objective.cache !== null) continue;
    for (const route of objective.routes) routes.set(route, { ...objective, routes: [route] });
  }
  return routes;
}

function condition(
  alert: AlertName,
  subject: string,
  name: string,
  reading: Reading,
  measured: AlertFacts['measured'],
): Condition {
  return { about: { alert, subject, account_id: null, name, service: OWN_SERVICE }, reading, measured };
}
