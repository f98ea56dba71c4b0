import { Injectable, Logger } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { Settings } from '../../config/settings';
import { Database } from '../../database/database';
import { Leadership } from '../../roles/leadership';
import { pagesOf } from '../../statuspage/pages';
import { PageStateEntity } from '../../statuspage/page-state.entity';
import { MONITORS, pageSubject, WatchesRepository } from '../storage/watches.repository';

/**
 * Notes every minute that somebody looks: that monitors are checked, as a process leads that looks for those that are
 * due, and which pages can be read. What nobody looked at is unseen, and not good.
 */
@Injectable()
export class TargetWatch {
  private readonly logger = new Logger('Slos');
  /** Pages on the network; a fixture says nothing about a vendor. */
  private readonly pages: readonly string[];
  private isFailing = false;

  constructor(
    private readonly settings: Settings,
    private readonly leadership: Leadership,
    private readonly database: Database,
    private readonly watches: WatchesRepository,
  ) {
    this.pages = pagesOf(settings).flatMap(({ name, url }) => (url === null ? [] : [name]));
  }

  @Cron('10 * * * * *')
  async tick(): Promise<void> {
    if (!this.settings.hasRole('scheduler') || !this.leadership.isLeader) return;
    try {
      await this.look();
      this.isFailing = false;
    } catch (error) {
      if (!this.isFailing) this.logger.warn({ err: error }, 'who looks could not be noted; trying again');
      this.isFailing = true;
    }
  }

  /** Notes it now. */
  async look(): Promise<void> {
    const readable = await this.readablePages();
    const subjects = [MONITORS, ...readable.map(pageSubject)];
    await this.database.write(async (tx, now) => {
      for (const subject of subjects) await this.watches.look(tx, subject, now);
    });
  }

  private async readablePages(): Promise<string[]> {
    const states = await this.database.read.find(PageStateEntity, {
      select: { name: true, failing_since: true, last_success_at: true },
    });
    const readable = states.filter((state) => state.failing_since === null && state.last_success_at !== null);
    return readable.map(({ name }) => name).filter((name) => this.pages.includes(name));
  }
}
