import type { SendResult } from '../destinations/send-result';
import type { DeliveryEntity } from '../outbox/delivery.entity';
import type { NextStep } from './policy';

/** An attempt's end, to be written under the claim it was made with. */
export interface Completion {
  readonly delivery: DeliveryEntity;
  readonly result: SendResult;
  readonly next: NextStep;
}
