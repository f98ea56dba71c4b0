import { Injectable, Logger } from '@nestjs/common';
import type { WatchedMonitor } from '../storage/watched-monitors';
import { CheckHandover, type CheckDone } from './check-handover';
import { CheckRunner } from './check-runner';

/** A check that was not kept, because the database is away, is tried again after this. */
export const DROPPED_REST_MS = 2_000;

/** One that failed by a defect would most likely fail again. */
const DEFECT_REST_MS = 30_000;

/** Runs checks in this process. */
@Injectable()
export class OwnChecks extends CheckHandover {
  readonly hostLimit = Infinity;
  readonly repeatAfterMs = Infinity;
  private readonly logger = new Logger('Monitors');

  constructor(private readonly runner: CheckRunner) {
    super();
  }

  give(due: readonly WatchedMonitor[], done: CheckDone): Promise<void> {
    for (const watched of due) void this.run(watched).then((restMs) => done(watched, restMs));
    return Promise.resolve();
  }

  /** Answers how long to leave the monitor alone, should it still be due. */
  private async run(watched: WatchedMonitor): Promise<number> {
    try {
      const end = await this.runner.runDue(watched);
      return end === 'dropped' ? DROPPED_REST_MS : 0;
    } catch (error) {
      const { id } = watched.monitor;
      this.logger.error({ err: error, monitor_id: id }, 'a check could not be kept by a defect');
      return DEFECT_REST_MS;
    }
  }
}
