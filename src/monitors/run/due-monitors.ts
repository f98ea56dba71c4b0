import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database';
import { Statement } from '../../database/statement';

/** A monitor that is due. */
export interface DueMonitor {
  readonly monitor_id: string;
  /** Since when. */
  readonly next_at: number;
}

const DUE = new Statement<DueMonitor>(
  () => `
  SELECT monitor_id, next_at FROM monitor_states WHERE next_at IS NOT NULL AND next_at <= ?
  ORDER BY next_at, monitor_id LIMIT ?`,
);

/** Finds what is due. A monitor is due until its check is stored. */
@Injectable()
export class DueMonitors {
  constructor(private readonly database: Database) {}

  /** Those due at an instant, longest due first. */
  find(at: number, limit: number): Promise<DueMonitor[]> {
    return DUE.run(this.database.read, [at, limit]);
  }
}
