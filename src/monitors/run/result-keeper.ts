import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../../database/database';
import { GroupCommit } from '../../database/group-commit';
import { StorageUnavailableError } from '../../database/storage-error';
import { Recorder } from '../../recording/recorder';
import { eventOf } from '../model/incident-event';
import { isInMaintenance } from '../model/maintenance';
import type { CheckResult } from '../model/monitor';
import { spanChanges } from '../model/span-changes';
import { advance, type MonitorState } from '../model/state';
import { OvertakenError } from '../storage/overtaken';
import { ResultStorage, type ResultToStore, type Storing } from '../storage/result-storage';
import { reached } from '../storage/steps';
import { WatchedMonitors, type WatchedMonitor } from '../storage/watched-monitors';
import { DatabaseClock } from './database-clock';

/** A result to keep. */
export interface Finding {
  readonly slot_at: number;
  readonly result: CheckResult;
  /** What is due next, by the state after the result and the clock. */
  readonly plan: (state: MonitorState, now: number) => Plan;
}

/** When a monitor is due next; for a heartbeat also whether its job is under way. */
export interface Plan {
  readonly next_at: number | null;
  readonly begun_at: number | null;
}

/** `repeated`: there is one of that slot. `outdated`: the monitor was changed, paused or deleted meanwhile. */
export type Keeping = 'stored' | 'repeated' | 'outdated';

const MAX_BATCH = 500;

/**
 * Judges results and stores them, with all that follows from each in one transaction: the check, what is known of the
 * monitor, the roll-ups, and where the state changes the incident, its event and its deliveries. Results that change no
 * state, which are nearly all of them, share transactions.
 *
 * A result is judged by what was known when it was read. Where somebody else has stored one meanwhile nothing of it is
 * stored, and it is judged again by what is known then.
 */
@Injectable()
export class ResultKeeper {
  private readonly plain: GroupCommit<ResultToStore, Storing>;

  constructor(
    private readonly database: Database,
    private readonly recorder: Recorder,
    private readonly storage: ResultStorage,
    private readonly monitors: WatchedMonitors,
    private readonly clock: DatabaseClock,
  ) {
    this.plain = new GroupCommit((batch) => this.commit(batch), {
      maxItems: MAX_BATCH,
      maxBytes: Infinity,
      bytesOf: () => 0,
      ownerOf: ({ account_id }) => account_id,
    });
  }

  /**
   * Keeps a result, once.
   *
   * @param watched the monitor as it was when the check began
   * @throws StorageUnavailableError
   */
  async keep(watched: WatchedMonitor, finding: Finding): Promise<Keeping> {
    const { revision } = watched.monitor;
    let newest: WatchedMonitor | null = watched;
    while (newest !== null && newest.monitor.revision === revision) {
      const storing = await this.store(judged(newest, finding, this.clock.now()), newest);
      if (storing !== 'overtaken') return storing;
      newest = await this.monitors.find(watched.monitor.id);
    }
    return 'outdated';
  }

  private async store(result: ResultToStore, watched: WatchedMonitor): Promise<Storing> {
    reached('judged', [result]);
    const storing = result.effects.length === 0 ? this.plain.add(result) : this.record(result, watched);
    const became = await storing;
    if (became === 'stored') reached('committed', [result]);
    return became;
  }

  private async record(
    result: ResultToStore,
    { monitor, known: { told_at } }: WatchedMonitor,
  ): Promise<Storing> {
    const updated_at = Math.max(await this.database.now(), told_at ?? 0);
    const told = { ...result, definition: monitor.definition, check: result.result, updated_at };
    const events = result.effects.map((effect) => eventOf(effect, told));
    const toStore = { ...result, next: { ...result.next, told_at: updated_at } };
    let storing: Storing = 'overtaken';
    const alongside = async (tx: EntityManager): Promise<void> => {
      reached('events_stored', [result]);
      [storing = 'overtaken'] = await this.storage.store(tx, [toStore]);
      // So that the events go too.
      if (storing !== 'stored') throw new OvertakenError(monitor.id);
    };
    try {
      await this.recorder.record(events, { alongside });
    } catch (error) {
      if (!(error instanceof OvertakenError)) throw error;
    }
    return storing;
  }

  /** A batch that fails for a result's sake has been rolled back whole; each then has a transaction of its own. */
  private async commit(batch: readonly ResultToStore[]): Promise<PromiseSettledResult<Storing>[]> {
    try {
      const storings = await this.write(batch);
      return storings.map((value) => ({ status: 'fulfilled', value }));
    } catch (error) {
      if (error instanceof StorageUnavailableError || batch.length === 1) throw error;
      return Promise.allSettled(batch.map(async (result) => (await this.write([result]))[0] as Storing));
    }
  }

  private write(batch: readonly ResultToStore[]): Promise<Storing[]> {
    return this.database.write((tx) => this.storage.store(tx, batch));
  }
}

/** What follows from a result. Whether there is maintenance is decided at the check's beginning. */
function judged(
  { monitor, known, schedules }: WatchedMonitor,
  { slot_at, result, plan }: Finding,
  now: number,
): ResultToStore {
  const hasMaintenance = isInMaintenance(schedules, result.started_at);
  const moment = { now, isInMaintenance: hasMaintenance };
  const { state, effects } = advance(known.state, result, monitor.definition, moment);
  return {
    monitor_id: monitor.id,
    account_id: monitor.account_id,
    slot_at,
    result,
    isInMaintenance: hasMaintenance,
    version: known.version,
    next: {
      state,
      ...plan(state, now),
      last_slot_at: Math.max(slot_at, known.last_slot_at ?? 0),
      told_at: known.told_at,
    },
    effects,
    spans: spanChanges(known.state, state, now),
  };
}
