import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Database } from '../database/database';
import { iso } from '../normalization/instant';
import { OutboxRepository } from '../outbox/outbox.repository';
import { Leadership } from '../roles/leadership';

/** Longer than any short trouble of a destination's, and short enough for somebody to act. */
export const WAITING_TOO_LONG_MS = 300_000;

/**
 * Says that nobody is being paged. A retry is a warning; deliveries that have waited this long need a person,
 * however many attempts they have left. Told again with every interval for as long as it lasts.
 */
@Injectable()
export class WaitingAlarm {
  private readonly logger = new Logger('Delivery');

  constructor(
    private readonly database: Database,
    private readonly outbox: OutboxRepository,
    private readonly leadership: Leadership,
  ) {}

  @Interval(WAITING_TOO_LONG_MS)
  async check(): Promise<void> {
    if (!this.leadership.isLeader) return;
    try {
      const now = await this.database.now();
      const since = await this.outbox.oldestPendingAt(now);
      if (since === null || now - since < WAITING_TOO_LONG_MS) return;
      this.logger.error(
        { oldest_pending_since: iso(since) },
        'pages are waiting to be delivered: see GET /deliveries?status=pending for why, and tell people another way',
      );
    } catch (error) {
      this.logger.error({ err: error }, 'cannot look for waiting deliveries');
    }
  }
}
