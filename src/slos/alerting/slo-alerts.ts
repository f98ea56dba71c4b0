import { Injectable, Logger } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { Settings } from '../../config/settings';
import { Database } from '../../database/database';
import { Leadership } from '../../roles/leadership';
import { AlertsRepository } from '../storage/alerts.repository';
import { AlertKeeper } from './alert-keeper';
import { Conditions } from './conditions';

/**
 * Judges all objectives and the state of the service itself once a minute, in the process that leads; some seconds after
 * every process has stored what it counted in the minute before.
 */
@Injectable()
export class SloAlerts {
  private readonly logger = new Logger('Slos');
  private running: Promise<void> | null = null;
  private isFailing = false;

  constructor(
    private readonly settings: Settings,
    private readonly leadership: Leadership,
    private readonly database: Database,
    private readonly alerts: AlertsRepository,
    private readonly conditions: Conditions,
    private readonly keeper: AlertKeeper,
  ) {}

  @Cron('20 * * * * *')
  async tick(): Promise<void> {
    if (!this.settings.SLO_ALERTS || !this.settings.hasRole('scheduler') || !this.leadership.isLeader) return;
    try {
      await this.judge();
      this.isFailing = false;
    } catch (error) {
      if (!this.isFailing) this.logger.error({ err: error }, 'objectives could not be judged; trying again');
      this.isFailing = true;
    }
  }

  /** Judges everything now, and tells what follows. Whoever asks meanwhile waits for the same. */
  judge(): Promise<void> {
    this.running ??= this.judgeNow().finally(() => (this.running = null));
    return this.running;
  }

  private async judgeNow(): Promise<void> {
    const now = await this.database.now();
    const remembered = await this.alerts.all();
    await this.keeper.conclude(remembered, await this.conditions.read(remembered, now), now);
  }
}
