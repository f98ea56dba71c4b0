import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Audit } from '../accounts/audit/audit';
import { Settings } from '../config/settings';
import { Database } from '../database/database';
import { Leadership } from '../roles/leadership';
import { InvitationsRepository } from './invitations.repository';
import { LoginAttempts } from './login-attempts';
import { PeopleRepository } from './people.repository';
import { Sessions } from './sessions';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Removes what is over: sessions, old invitations, forgotten failures, people of removed accounts, old audit entries. */
@Injectable()
export class PeopleRetention {
  private readonly logger = new Logger('People');
  private isRunning = false;

  constructor(
    private readonly settings: Settings,
    private readonly database: Database,
    private readonly leadership: Leadership,
    private readonly sessions: Sessions,
    private readonly invitations: InvitationsRepository,
    private readonly attempts: LoginAttempts,
    private readonly people: PeopleRepository,
    private readonly audit: Audit,
  ) {}

  @Interval(HOUR_MS)
  async run(): Promise<void> {
    if (this.isRunning || !this.leadership.isLeader) return;
    this.isRunning = true;
    try {
      await this.removeWhatIsOver(await this.database.now());
    } catch (error) {
      this.logger.error({ err: error }, 'what is over could not be removed; the next hour tries again');
    } finally {
      this.isRunning = false;
    }
  }

  /** @param now milliseconds since 1970 UTC */
  async removeWhatIsOver(now: number): Promise<void> {
    await this.sessions.removeOver(now);
    await this.invitations.removeOld(now);
    await this.attempts.removeForgotten(now);
    await this.people.removeStrays(now - DAY_MS);
    const days = this.settings.AUDIT_RETENTION_DAYS;
    const removed = await this.audit.removeOlderThan(now - days * DAY_MS);
    if (removed > 0) this.logger.log({ removed, days }, 'old entries of the audit log removed');
  }
}
