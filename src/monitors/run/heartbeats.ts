import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database';
import { Statement } from '../../database/statement';
import { iso } from '../../normalization/instant';
import { deadlineAfter } from '../model/due';
import type { CheckResult, HeartbeatMonitorDefinition } from '../model/monitor';
import { lagMs } from '../model/slots';
import { MonitorsRepository } from '../storage/monitors.repository';
import { WatchedMonitors, type WatchedMonitor } from '../storage/watched-monitors';
import { DatabaseClock } from './database-clock';
import { ResultKeeper, type Finding, type Keeping } from './result-keeper';

/** What a job says: that it has begun, that it has done its work, or that it has failed. */
export type BeatKind = 'start' | 'end' | 'fail';

/**
 * Where a deadline is found to be over so much later, this service did not run, or not well, and a call that came
 * meanwhile found nobody: it is unknown whether the job is down.
 */
const NOT_LISTENING_MS = 60_000;

const BEGIN = new Statement<{ monitor_id: string }>(
  () => `
  UPDATE monitor_states SET begun_at = ?, next_at = ?, version = version + 1
  WHERE monitor_id = ? AND version = ? RETURNING monitor_id`,
);

type Outcome = Pick<CheckResult, 'class' | 'reason' | 'failed'>;

const UP: Outcome = { class: 'up', reason: null, failed: [] };

/** Who calls in, and who has not by the deadline. */
@Injectable()
export class Heartbeats {
  constructor(
    private readonly database: Database,
    private readonly repository: MonitorsRepository,
    private readonly monitors: WatchedMonitors,
    private readonly keeper: ResultKeeper,
    private readonly clock: DatabaseClock,
  ) {}

  /**
   * A job calls in. Its end is a check that is up, and sets the next deadline a period and the grace later. Its failure
   * is one that is down, at once. Its start promises an end within the grace; where that is 0 it promises nothing.
   * A monitor that is paused takes calls, and keeps none.
   *
   * @returns whether there is such a token
   * @throws StorageUnavailableError where the call could not be kept
   */
  async beat(token: string, kind: BeatKind): Promise<boolean> {
    const found = await this.repository.findByToken(token);
    if (found === null) return false;
    let hasKept = false;
    while (!hasKept) {
      const watched = await this.monitors.find(found.id);
      if (watched === null) return false;
      hasKept = watched.known.next_at === null || (await this.keepBeat(watched, kind));
    }
    return true;
  }

  /** A deadline is over. */
  async miss(watched: WatchedMonitor): Promise<Keeping | 'not_due'> {
    const { monitor, known } = watched;
    const { definition } = monitor;
    const { next_at: deadline } = known;
    const now = this.clock.now();
    if (definition.type !== 'heartbeat' || deadline === null || deadline > now) return 'not_due';
    const wasListening = lagMs(deadline, now) < NOT_LISTENING_MS;
    // The next call is as much later as the missed one would have been; where nobody listened it may have been made.
    const nextAt = wasListening ? deadline + definition.period_s * 1_000 : 0;
    const next_at = nextAt > now ? nextAt : deadlineAfter(definition, now);
    return this.keeper.keep(watched, {
      slot_at: deadline,
      result: resultAt(deadline, wasListening ? missed(watched, deadline) : UNHEARD),
      plan: () => ({ next_at, begun_at: null }),
    });
  }

  /** Whether the call is kept; where not, somebody else has changed what is known, and it has to be read again. */
  private async keepBeat(watched: WatchedMonitor, kind: BeatKind): Promise<boolean> {
    const { definition } = watched.monitor;
    if (definition.type !== 'heartbeat') return true;
    if (kind === 'start') return this.begin(watched, definition);
    const keeping = await this.keeper.keep(watched, this.finding(watched, definition, kind));
    return keeping === 'stored';
  }

  private finding(
    { known }: WatchedMonitor,
    definition: HeartbeatMonitorDefinition,
    kind: 'end' | 'fail',
  ): Finding {
    const now = this.clock.now();
    // Two calls within a millisecond, or by two clocks, are two calls.
    const calledAt = Math.max(now, (known.state.judged_at ?? 0) + 1, (known.last_slot_at ?? 0) + 1);
    const durationMs = known.begun_at === null ? 0 : Math.max(0, now - known.begun_at);
    return {
      slot_at: calledAt,
      result: { ...resultAt(calledAt, kind === 'end' ? UP : FAILED), duration_ms: durationMs },
      plan: () => ({ next_at: deadlineAfter(definition, now), begun_at: null }),
    };
  }

  private async begin(
    { monitor, known }: WatchedMonitor,
    { grace_s }: HeartbeatMonitorDefinition,
  ): Promise<boolean> {
    const now = this.clock.now();
    const next_at = grace_s === 0 ? known.next_at : now + grace_s * 1_000;
    const begun = await this.database.write((tx) => BEGIN.run(tx, [now, next_at, monitor.id, known.version]));
    return begun.length > 0;
  }
}

const FAILED: Outcome = {
  class: 'down',
  reason: 'job_failed',
  failed: [{ expectation: 'job', wanted: 'success', seen: 'failure' }],
};

const UNHEARD: Outcome = { class: 'unknown', reason: 'own_process_stalled', failed: [] };

/** What a missed deadline says: the job has not begun, or has begun and not ended. */
function missed({ known }: WatchedMonitor, deadline: number): Outcome {
  const wanted = `a call by ${iso(deadline)}`;
  if (known.begun_at === null)
    return { class: 'down', reason: 'missed', failed: [{ expectation: 'call', wanted, seen: null }] };
  const seen = `a start at ${iso(known.begun_at)}`;
  return { class: 'down', reason: 'not_ended', failed: [{ expectation: 'end', wanted, seen }] };
}

function resultAt(started_at: number, outcome: Outcome): CheckResult {
  return {
    ...outcome,
    started_at,
    duration_ms: 0,
    timings: null,
    http_status: null,
    tls_days_left: null,
    limit_ms: null,
  };
}
