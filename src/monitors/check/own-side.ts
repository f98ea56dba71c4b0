import { Injectable } from '@nestjs/common';
import { publicAddress } from '../../reliability/address-guard';
import type { CheckFault, FaultReason } from './check-fault';
import { SelfCheck } from './self-check';

/** Faults in finding an address. */
const ABOUT_NAMES: readonly FaultReason[] = ['dns_failed', 'dns_not_found'];

/**
 * Whose fault it is that a check got no answer. Silence looks the same whether the target is dead or the way out of
 * this machine is, so it is looked into each time. The other side is at fault while this side is known to work: by
 * the self-check, or by another target out in the world that gave the answer expected of it after that fault. Where
 * there is nothing to know it by, a name server that says that there is no such name, or a target that does not
 * answer, is taken at its word.
 */
@Injectable()
export class OwnSide {
  private worldSeenAt = -Infinity;

  constructor(private readonly selfCheck: SelfCheck) {}

  /** To be told of every target that answered as it should. */
  noteExpectedAnswer(remoteAddress: string | null): void {
    if (remoteAddress !== null && publicAddress(remoteAddress) === null) this.worldSeenAt = performance.now();
  }

  /** @param since when the fault was met, by performance.now() */
  async isAtFault({ side, reason }: CheckFault, since: number): Promise<boolean> {
    if (side !== 'unclear') return side === 'ours';
    const about = ABOUT_NAMES.includes(reason) ? 'names' : 'network';
    return await this.isCutOff(about, since);
  }

  /** Whether this side is known not to reach the world. */
  async isCutOff(about: 'names' | 'network', since: number): Promise<boolean> {
    const verdict = await this.selfCheck.verdict(about, since);
    // Asked for last: the look takes its time, and others get their answers meanwhile.
    return verdict === 'failed' && this.worldSeenAt < since;
  }
}
