import { Injectable } from '@nestjs/common';
import { Listeners } from '../../telemetry/listeners';

/** Events of an account that were stored after they had waited in a queue. */
export interface QueueWait {
  readonly queue: string;
  readonly account_id: string;
  readonly events: number;
  /** From when they were queued until they were stored, by the clocks of the two processes. */
  readonly waitedMs: number;
}

/** Tells how long what is stored had waited. */
@Injectable()
export class QueueWaits extends Listeners<QueueWait> {}
