import { Injectable } from '@nestjs/common';
import { priorityOf, type Priority } from '../model/monitor';
import { Queues } from '../../redis/queues';
import type { WatchedMonitor } from '../storage/watched-monitors';
import { CheckHandover, type CheckDone } from './check-handover';
import { OwnChecks } from './own-checks';

/** What a job of the queue `checks` carries. The database has everything else. */
export interface CheckJob {
  readonly monitor_id: string;
}

/** BullMQ's priorities: the lowest number first. */
const JOB_PRIORITIES: Readonly<Record<Priority, number>> = { high: 1, normal: 2, low: 3 };

/** Longer than it takes Redis to give the job of a worker that died to another one. */
const REPEAT_AFTER_MS = 30_000;

/** So that the workers' jobs are never all of them waiting for one host. */
const HOST_LIMIT = 64;

/**
 * Gives checks to the workers, over Redis. A job only says that a monitor is due: whoever gets it looks into the
 * database, and may find that somebody was faster. So losing all of Redis costs a slot, and no monitor; while it is
 * away the leader runs the checks itself.
 */
@Injectable()
export class CheckQueue extends CheckHandover {
  readonly hostLimit = HOST_LIMIT;
  readonly repeatAfterMs = REPEAT_AFTER_MS;

  constructor(
    private readonly queues: Queues,
    private readonly own: OwnChecks,
  ) {
    super();
  }

  /** @throws where Redis goes away meanwhile */
  async give(due: readonly WatchedMonitor[], done: CheckDone): Promise<void> {
    if (!this.queues.areReachable) return this.own.give(due, done);
    await this.queues.queue<CheckJob>('checks').addBulk(
      due.map(({ monitor, known }) => ({
        name: 'check',
        data: { monitor_id: monitor.id },
        opts: {
          // The slot that was planned: the same one is in the queue once.
          jobId: `c-${monitor.id}-${known.next_at}`,
          priority: JOB_PRIORITIES[priorityOf(monitor.definition)],
          removeOnComplete: true,
          removeOnFail: true,
        },
      })),
    );
  }
}
