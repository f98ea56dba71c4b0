import { Injectable } from '@nestjs/common';
import { Listeners } from '../telemetry/listeners';

/** A delivery that its destination has confirmed. */
export interface DeliveryEnd {
  readonly account_id: string;
  readonly destination: string;
  /**
   * From when it was decided, as its event was stored, or from the end of what held it back, until it was confirmed; by the
   * database's clock.
   */
  readonly tookMs: number;
}

/** Tells of every delivery that was made, once that is on disk. */
@Injectable()
export class DeliveryEnds extends Listeners<DeliveryEnd> {}
