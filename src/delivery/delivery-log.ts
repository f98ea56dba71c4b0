import { Logger } from '@nestjs/common';
import type { SendResult } from '../destinations/send-result';
import type { DeliveryEntity } from '../outbox/delivery.entity';

import type { NextStep } from './policy';
import type { HeldDelivery, SkippedDelivery } from './turns';

const DEAD = 'delivery is dead: mend the cause, then replay it';

/** What the log says of deliveries: one wide line per outcome, and an error only where somebody must act. */
export class DeliveryLog {
  private readonly logger = new Logger('Delivery');

  /** An attempt has ended and is written down. */
  attempted(
    delivery: DeliveryEntity,
    result: SendResult,
    next: NextStep,
    { durationMs, isCounted }: { readonly durationMs: number; readonly isCounted: boolean },
  ): void {
    const line = {
      ...refs(delivery),
      attempt: delivery.claims,
      outcome: result.outcome,
      http_status: result.http_status,
      error: result.error,
      status: next.status,
      reason: next.status === 'dead' ? next.reason : null,
      retry_at: next.status === 'pending' ? new Date(next.due_at).toISOString() : null,
      duration_ms: durationMs,
    };
    if (!isCounted) this.logger.warn(line, 'delivery attempt whose lease was lost: not counted');
    else if (next.status === 'dead') this.logger.error(line, DEAD);
    else if (next.status === 'pending') this.logger.warn(line, 'delivery attempt failed: will be retried');
    else this.logger.log(line, 'delivered');
  }

  /** An attempt has ended, and the database does not take it. */
  notWrittenDown(delivery: DeliveryEntity, { outcome }: SendResult, error: unknown): void {
    this.logger.error(
      { err: error, ...refs(delivery), outcome },
      'an attempt could not be written down; it will be repeated when its lease ends',
    );
  }

  /** Our own code failed on it. */
  notBuilt(delivery: DeliveryEntity, error: unknown): void {
    this.logger.error({ err: error, ...refs(delivery) }, 'a delivery cannot be built');
  }

  /** It had become pointless when its turn came. */
  skipped({ delivery, reason }: SkippedDelivery): void {
    this.logger.log({ ...refs(delivery), status: 'skipped', reason }, 'delivery skipped');
  }

  /** Its turn has come, and its route holds it further. */
  held({ delivery, hold }: HeldDelivery): void {
    const held_until = new Date(hold.until).toISOString();
    this.logger.debug({ ...refs(delivery), hold: hold.reason, held_until }, 'delivery held further');
  }

  /** It has waited too long. */
  expired(delivery: DeliveryEntity): void {
    this.logger.error({ ...refs(delivery), status: 'dead', reason: 'expired' }, DEAD);
  }
}

function refs(delivery: DeliveryEntity): Record<string, unknown> {
  const { id, account_id, event_id, destination, action, request_id } = delivery;
  return { delivery_id: id, account_id, event_id, destination, action, request_id };
}
