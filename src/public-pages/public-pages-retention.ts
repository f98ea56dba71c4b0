import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Leadership } from '../roles/leadership';
import { PublicPagesRepository } from './public-pages.repository';

const HOUR_MS = 3_600_000;

/** Removes the pages of deleted accounts, which nobody sees any more, before their ids are free again. */
@Injectable()
export class PublicPagesRetention {
  private readonly logger = new Logger('PublicPages');

  constructor(
    private readonly leadership: Leadership,
    private readonly pages: PublicPagesRepository,
  ) {}

  @Interval(HOUR_MS)
  async run(): Promise<void> {
    if (!this.leadership.isLeader) return;
    try {
      const removed = await this.pages.removeOfDeletedAccounts();
      if (removed > 0) this.logger.log({ removed }, 'public pages of deleted accounts removed');
    } catch (error) {
      this.logger.error(
        { err: error },
        'public pages of deleted accounts could not be removed; the next hour tries again',
      );
    }
  }
}
