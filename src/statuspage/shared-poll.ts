import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Settings } from '../config/settings';
import { Database } from '../database/database';
import { LeaseLostError, Leases, type Lease } from '../roles/leases';
import { PageFailure } from './page-failure';
import type { PageOutcome } from './page-outcome';
import type { Page } from './pages';

/** To be called in the transaction that writes what a poll found; throws where another process polls by now. */
export type Fence = (tx: EntityManager) => Promise<void>;

/** Longer than a poll takes: its own time, and that of writing down what it found. */
const MARGIN_MS = 30_000;

/** How often those who wait look whether the poll of the other process is done. */
const LOOK_EVERY_MS = 100;

/**
 * Lets one process at a time poll a page, by a lease; whoever else wants it polled meanwhile waits for that outcome. A
 * process that dies in mid-poll is waited for until its lease ends, and what it might write later does not count.
 */
@Injectable()
export class SharedPoll {
  private readonly logger = new Logger('Statuspage');

  constructor(
    private readonly settings: Settings,
    private readonly database: Database,
    private readonly leases: Leases,
  ) {}

  /** Runs `poll` here, or answers with what another process's poll of the page came to. */
  async run(
    page: Page,
    signal: AbortSignal,
    poll: (fence: Fence) => Promise<PageOutcome>,
  ): Promise<PageOutcome> {
    const name = `page:${page.name}`;
    for (;;) {
      const lease = await this.leases.take(name, this.settings.PAGE_TIMEOUT_MS + MARGIN_MS);
      const outcome =
        lease === null ? await this.waitForOther(name, signal) : await this.pollUnder(lease, poll);
      if (outcome !== null) return outcome;
      if (signal.aborted) return stopped(page);
    }
  }

  /** The outcome, or null where another process took over because it took too long. */
  private async pollUnder(
    lease: Lease,
    poll: (fence: Fence) => Promise<PageOutcome>,
  ): Promise<PageOutcome | null> {
    let note: string | null = null;
    try {
      const outcome = await poll((tx) => this.leases.assertHeld(tx, lease));
      note = JSON.stringify(outcome);
      return outcome;
    } catch (error) {
      if (error instanceof LeaseLostError) return null;
      throw error;
    } finally {
      await this.release(lease, note);
    }
  }

  private async release(lease: Lease, note: string | null): Promise<void> {
    try {
      await this.leases.release(lease, note);
    } catch (error) {
      this.logger.warn(
        { err: error, lease: lease.name },
        'a page is polled again only when its lease has ended',
      );
    }
  }

  /** The outcome of the poll that is under way; null where it ended without one, or this process stops. */
  private async waitForOther(name: string, signal: AbortSignal): Promise<PageOutcome | null> {
    const seen = await this.leases.find(name);
    while (!signal.aborted) {
      const now = await this.leases.find(name);
      if (seen === null || now === null || now.token !== seen.token) return null;
      if (now.until === 0) return now.note === null ? null : (JSON.parse(now.note) as PageOutcome);
      if (now.until <= (await this.database.now())) return null;
      await sleep(LOOK_EVERY_MS);
    }
    return null;
  }
}

/** What a poll that this process gave up came to. */
function stopped({ name, source }: Page): PageOutcome {
  const { code, message } = new PageFailure('aborted', 'The poll was stopped');
  return { outcome: 'failed', page: name, source, code, message };
}
