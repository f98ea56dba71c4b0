import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Effect } from '../model/incident';
import { readSketch, sketchText } from '../model/latency-sketch';
import type { CheckResult } from '../model/monitor';
import { addChecks, rollupKeys, type CountedCheck, type Rollup } from '../model/rollups';
import type { SpanChange } from '../model/span-changes';
import type { MonitorState } from '../model/state';
import { reached } from './steps';
import { detailsText } from './check-details';
import type { CheckRollupEntity } from './check-rollup.entity';
import { IncidentsRepository } from './incidents.repository';
import { MonitorSpansRepository } from './monitor-spans.repository';
import { ADD_CHECKS, CHANGE_STATES, LOCK_STATES, READ_ROLLUPS, WRITE_ROLLUPS } from './result-statements';

/** A result, and what follows from it for what was known of its monitor. */
export interface ResultToStore {
  readonly monitor_id: string;
  readonly account_id: string;
  readonly slot_at: number;
  readonly result: CheckResult;
  readonly isInMaintenance: boolean;
  /** The version of what was known when the result was judged. */
  readonly version: number;
  readonly next: {
    readonly state: MonitorState;
    readonly next_at: number | null;
    readonly last_slot_at: number;
    readonly told_at: number | null;
    readonly begun_at: number | null;
  };
  readonly effects: readonly Effect[];
  /** What of the monitor's life it begins and ends. */
  readonly spans: readonly SpanChange[];
}

/**
 * `repeated`: there is a check of that slot, and nothing follows from this one. `overtaken`: what was known has changed
 * since it was read, and the result is to be judged again.
 */
export type Storing = 'stored' | 'repeated' | 'overtaken';

/** Stores results, all that follows from them included, within a transaction. */
@Injectable()
export class ResultStorage {
  constructor(
    private readonly incidents: IncidentsRepository,
    private readonly spans: MonitorSpansRepository,
  ) {}

  /**
   * Stores results of any monitors. What is known of those is locked first, so that whoever stores for the same monitor
   * comes before or after this, and never in between.
   *
   * @returns what became of each, in their order
   */
  async store(tx: EntityManager, results: readonly ResultToStore[]): Promise<Storing[]> {
    const current = await this.withCurrentVersion(tx, results);
    const stored = await this.addChecks(tx, current);
    await this.changeStates(tx, stored);
    await this.rollUp(tx, stored);
    for (const result of stored) {
      for (const effect of result.effects) await this.incidents.apply(tx, result, effect);
    }
    reached('incident_stored', stored);
    await this.spans.apply(
      tx,
      stored.flatMap(({ monitor_id, spans }) => spans.map((change) => ({ ...change, monitor_id }))),
    );
    return results.map((result) => {
      if (stored.includes(result)) return 'stored';
      return current.includes(result) ? 'repeated' : 'overtaken';
    });
  }

  /** Of several results of one monitor the first only: it changes what is known. */
  private async withCurrentVersion(
    tx: EntityManager,
    results: readonly ResultToStore[],
  ): Promise<ResultToStore[]> {
    const ids = JSON.stringify(results.map(({ monitor_id }) => [monitor_id]));
    const locked = await LOCK_STATES.run(tx, [ids]);
    const versions = new Map(locked.map(({ monitor_id, version }) => [monitor_id, version]));
    const current: ResultToStore[] = [];
    for (const result of results) {
      if (versions.get(result.monitor_id) !== result.version) continue;
      versions.delete(result.monitor_id);
      current.push(result);
    }
    return current.sort((one, other) => (one.monitor_id < other.monitor_id ? -1 : 1));
  }

  private async addChecks(tx: EntityManager, results: readonly ResultToStore[]): Promise<ResultToStore[]> {
    if (results.length === 0) return [];
    const rows = results.map(({ monitor_id, slot_at, result, isInMaintenance }) => [
      monitor_id,
      slot_at,
      result.started_at,
      result.class,
      result.reason,
      Math.round(result.duration_ms * 10),
      result.http_status,
      isInMaintenance ? 1 : 0,
      detailsText(result),
    ]);
    const added = await ADD_CHECKS.run(tx, [JSON.stringify(rows)]);
    const ids = new Set(added.map(({ monitor_id }) => monitor_id));
    const stored = results.filter(({ monitor_id }) => ids.has(monitor_id));
    reached('check_stored', stored);
    return stored;
  }

  private async changeStates(tx: EntityManager, results: readonly ResultToStore[]): Promise<void> {
    if (results.length === 0) return;
    const rows = results.map(({ monitor_id, result, next }) => [
      monitor_id,
      JSON.stringify(next.state),
      next.next_at,
      next.last_slot_at,
      JSON.stringify(result),
      next.told_at,
      next.begun_at,
    ]);
    await CHANGE_STATES.run(tx, [JSON.stringify(rows)]);
    reached('state_stored', results);
  }

  private async rollUp(tx: EntityManager, results: readonly CountedCheck[]): Promise<void> {
    if (results.length === 0) return;
    const keys = rollupKeys(results).map(({ monitor_id, span_ms, bucket_at }) => [
      monitor_id,
      span_ms,
      bucket_at,
    ]);
    const known = await READ_ROLLUPS.run(tx, [JSON.stringify(keys)]);
    const rows = addChecks(known.map(toRollup), results).map(toRow);
    await WRITE_ROLLUPS.run(tx, [JSON.stringify(rows)]);
    reached('rolled_up', results);
  }
}

function toRollup({ monitor_id, span_ms, bucket_at, sketch, ...counts }: CheckRollupEntity): Rollup {
  return { monitor_id, span_ms, bucket_at, counts, sketch: readSketch(sketch) };
}

function toRow({ monitor_id, span_ms, bucket_at, counts, sketch }: Rollup): readonly unknown[] {
  const { up, degraded, down, unknown, maintenance } = counts;
  return [monitor_id, span_ms, bucket_at, up, degraded, down, unknown, maintenance, sketchText(sketch)];
}
