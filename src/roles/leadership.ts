import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Settings } from '../config/settings';
import { Leases, type Lease } from './leases';

const NAME = 'leader';

/** So long nobody else leads after the leader has died. */
const LEASE_MS = 6_000;

/** Several tries fit into a lease, so that one that fails does not cost the lead. */
const RENEW_EVERY_MS = 1_500;

/** A leader stops leading this much before its lease ends, for the clocks' and the timers' sake. */
const MARGIN_MS = 1_000;

/**
 * Which of several schedulers does what only one may do: polls, sweeps, removes what is old. The leader holds a lease
 * and renews it; another takes over some seconds after it has died, and at once when it stops in order. A process that
 * cannot reach the database stops leading before its lease can go to another one.
 *
 * In the embedded profile there is one process, and it leads.
 */
@Injectable()
export class Leadership implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Leadership');
  private readonly isAlone: boolean;
  private readonly isCandidate: boolean;
  private lease: Lease | null = null;
  private leadsUntil = 0;
  private timer: NodeJS.Timeout | undefined;
  private trying: Promise<void> | null = null;
  private isStopping = false;
  private isFailing = false;

  constructor(
    settings: Settings,
    private readonly leases: Leases,
  ) {
    this.isAlone = !settings.isScaled;
    this.isCandidate = settings.isScaled && settings.hasRole('scheduler');
  }

  /** Whether this process leads now. */
  get isLeader(): boolean {
    return !this.isStopping && (this.isAlone || performance.now() < this.leadsUntil);
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.isCandidate) return;
    await this.tryToLead();
    this.timer = setInterval(() => {
      this.trying ??= this.tryToLead().finally(() => (this.trying = null));
    }, RENEW_EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    clearInterval(this.timer);
    await this.trying;
    if (this.lease === null) return;
    try {
      await this.leases.release(this.lease);
    } catch (error) {
      this.logger.warn(
        { err: error },
        'the lead could not be given back: another takes it over some seconds later',
      );
    }
  }

  private async tryToLead(): Promise<void> {
    if (this.isStopping) return;
    const askedAt = performance.now();
    const had = this.lease;
    try {
      const isHeld = had !== null && (await this.leases.renew(had, LEASE_MS));
      this.lease = isHeld ? had : await this.leases.take(NAME, LEASE_MS);
      this.leadsUntil = this.lease === null ? 0 : askedAt + LEASE_MS - MARGIN_MS;
      if (had === null && this.lease !== null) this.logger.log('this process leads now');
      if (had !== null && this.lease === null) this.logger.warn('another process leads now');
      this.isFailing = false;
    } catch (error) {
      if (!this.isFailing) this.logger.warn({ err: error }, 'the lead could not be renewed; trying again');
      this.isFailing = true;
    }
  }
}
