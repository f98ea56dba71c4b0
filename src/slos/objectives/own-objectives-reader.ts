import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { AccountObjectivesRepository } from '../storage/account-objectives.repository';
import { Objectives } from './objectives';

/** What was set in another process is known here after this, in milliseconds. */
const LOOK_EVERY_MS = 15_000;

/** Keeps what accounts have set for themselves known in this process, whichever process it was set in. */
@Injectable()
export class OwnObjectivesReader implements OnApplicationBootstrap {
  private readonly logger = new Logger('Slos');
  private stamp = '';
  private isFailing = false;

  constructor(
    private readonly objectives: Objectives,
    private readonly repository: AccountObjectivesRepository,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.look();
  }

  @Interval(LOOK_EVERY_MS)
  async look(): Promise<void> {
    try {
      await this.read();
      this.isFailing = false;
    } catch (error) {
      if (!this.isFailing)
        this.logger.warn({ err: error }, 'accounts’ objectives could not be read; trying again');
      this.isFailing = true;
    }
  }

  /** Reads them where they have changed. */
  private async read(): Promise<void> {
    // Before they are read: what changes meanwhile is read again.
    const stamp = await this.repository.stamp();
    if (stamp === this.stamp) return;
    this.objectives.takeOwn(await this.repository.all());
    this.stamp = stamp;
  }
}
