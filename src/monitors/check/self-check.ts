import { Injectable, Logger } from '@nestjs/common';
import { Settings } from '../../config/settings';
import { anyAddress } from '../../reliability/address-guard';
import type { Hop } from '../../reliability/follow';
import { ColdExchanges } from './cold-exchange';
import { INTRODUCTION } from './introduction';
import { Names } from './names';
import { SharedLook } from './shared-look';
import { Trace } from './trace';

/** `none`: there is no way to tell. */
export type SelfVerdict = 'passed' | 'failed' | 'none';

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 10_000;

/** However many checks fail, those who are asked are asked no more often than this. */
const SPACING_MS = 1_000;

/**
 * Whether this machine reaches the world. EGRESS_CHECK_URLS are asked in the same way as monitors' targets; one that
 * answers 2xx is enough. A redirect is not: that is what a hotel's network answers for everybody. Without such URLs
 * the one thing that can be asked is whether the machine's own name servers answer, and that says something about
 * names only.
 */
@Injectable()
export class SelfCheck {
  private readonly logger = new Logger('SelfCheck');
  private readonly exchanges: ColdExchanges;
  private readonly egress = new SharedLook(() => this.reachesWorld(), SPACING_MS);
  private readonly nameServers = new SharedLook(() => this.resolvesNames(), SPACING_MS);
  private isFailing = false;

  constructor(
    private readonly settings: Settings,
    private readonly names: Names,
  ) {
    // The operator's own setting is trusted.
    this.exchanges = new ColdExchanges(names, anyAddress);
  }

  /**
   * What is found by a look that begins after `since`, an instant of performance.now().
   *
   * @param about names: whether they can be looked up; network: whether anything can be reached
   */
  async verdict(about: 'names' | 'network', since: number): Promise<SelfVerdict> {
    if (this.settings.EGRESS_CHECK_URLS.length > 0) return await this.egress.begunAfter(since);
    return about === 'names' ? await this.nameServers.begunAfter(since) : 'none';
  }

  private async reachesWorld(): Promise<SelfVerdict> {
    const answers = this.settings.EGRESS_CHECK_URLS.map((url) => this.ask(url));
    const hasPassed = await Promise.any(answers).then(
      () => true,
      () => false,
    );
    this.note(hasPassed, 'no URL of EGRESS_CHECK_URLS answers: checks that get no answer are unknown');
    return hasPassed ? 'passed' : 'failed';
  }

  private async resolvesNames(): Promise<SelfVerdict> {
    const isAnswering = await this.names.isAnswering(AbortSignal.timeout(TIMEOUT_MS));
    this.note(
      isAnswering,
      'the name servers of this machine do not answer: checks without an address are unknown',
    );
    return isAnswering ? 'none' : 'failed';
  }

  private async ask(url: string): Promise<void> {
    const first: Hop = { method: 'GET', url: new URL(url), headers: INTRODUCTION, body: null };
    const request = {
      first,
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_BYTES,
      maxRedirects: 0,
      isWanted: () => true,
    };
    const { status } = await this.exchanges.run(request, new Trace());
    if (status < 200 || status > 299) throw new Error(`answered ${status}`);
  }

  private note(hasPassed: boolean, complaint: string): void {
    if (hasPassed === !this.isFailing) return;
    this.isFailing = !hasPassed;
    if (this.isFailing) this.logger.warn(complaint);
    else this.logger.log('the self-check passes again');
  }
}
