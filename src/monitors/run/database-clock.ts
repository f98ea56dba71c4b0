import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from '../../database/database';

/** How often the two clocks are compared. */
const COMPARE_EVERY_MS = 30_000;

/** A comparison that took longer says too little. */
const MAX_ROUND_TRIP_MS = 1_000;

/**
 * The database's clock, as far as this process knows it without asking each time: what checks of several processes are
 * dated by. In the embedded profile it is the process's own.
 */
@Injectable()
export class DatabaseClock implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Monitors');
  private offsetMs = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly database: Database) {}

  /** Milliseconds since 1970 UTC. */
  now(): number {
    return Date.now() + this.offsetMs;
  }

  async onApplicationBootstrap(): Promise<void> {
    if (this.database.dialect === 'sqlite') return;
    await this.compare();
    this.timer = setInterval(() => void this.compare(), COMPARE_EVERY_MS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async compare(): Promise<void> {
    try {
      const askedAt = Date.now();
      const now = await this.database.now();
      const answeredAt = Date.now();
      if (answeredAt - askedAt > MAX_ROUND_TRIP_MS) return;
      this.offsetMs = Math.round(now - (askedAt + answeredAt) / 2);
    } catch (error) {
      this.logger.debug(
        { err: error },
        "the database's clock cannot be read: it is taken to go on as before",
      );
    }
  }
}
