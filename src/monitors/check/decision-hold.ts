import { Injectable, Logger } from '@nestjs/common';
import type { CheckResult } from '../model/monitor';
import type { FaultReason } from './check-fault';
import {
  isMassFailure,
  isOwnFailure,
  isRecovery,
  NEWER_MS,
  NEWEST_MS,
  nextOutcome,
  takeCensus,
  type Census,
  type Outcome,
  type OutcomeKind,
} from './mass-failure';
import { OwnSide } from './own-side';

/** Decisions are held from now on, or no longer. */
export interface HoldChange {
  readonly kind: 'began' | 'ended';
  /** When the hold began, by the clock of results: it names the hold. */
  readonly heldSince: number;
  /** When it ended; null while it lasts. */
  readonly endedAt: number | null;
  readonly census: Census;
}

/** A result as it is to be decided on. */
export interface Weighed {
  /** Unknown where decisions are held and it was down. */
  readonly result: CheckResult;
  readonly change: HoldChange | null;
}

/** Longer than from any check to the next. What was not checked for so long is not checked any more. */
const FORGET_MS = 2 * 86_400_000;

/** Unknown for a reason that says nothing about the way out. */
const BESIDE_THE_POINT: readonly (string | null)[] = [
  'aborted',
  'internal_error',
  'address_refused',
] satisfies FaultReason[];

/**
 * The guard against paging for everything at once because of ourselves. A hold begins when most of this process's
 * monitors begin to fail together and the self-check fails too, or most of them could not be looked at in the first
 * place. While it lasts, what is down becomes unknown, which decides nothing; good results always count. It ends with
 * the first failure after which the self-check passes, or when most monitors are good again. Each process judges by
 * its own checks, as its network is its own.
 */
@Injectable()
export class DecisionHold {
  private readonly logger = new Logger('DecisionHold');
  /** By monitor, in the order of their checks. */
  private readonly outcomes = new Map<string, Outcome>();
  private heldSince: number | null = null;

  constructor(private readonly ownSide: OwnSide) {}

  /** When the present hold began; null where there is none. */
  get since(): number | null {
    return this.heldSince;
  }

  /**
   * To be called with every result of an HTTP check, as they come in.
   *
   * @param now by the clock of results
   */
  async weigh(monitorId: string, result: CheckResult, now: number): Promise<Weighed> {
    if (result.class === 'unknown' && BESIDE_THE_POINT.includes(result.reason))
      return { result, change: null };
    const kind = kindOf(result);
    this.note(monitorId, kind, now);
    if (kind === 'good' && this.heldSince === null) return { result, change: null };
    const newest = takeCensus(this.outcomes.values(), now, NEWEST_MS);
    const isHeld = await this.isToBeHeld(kind, newest, now);
    const change = this.hold(isHeld, newest, now);
    return { result: isHeld && result.class === 'down' ? held(result) : result, change };
  }

  private note(monitorId: string, kind: OutcomeKind, now: number): void {
    const outcome = nextOutcome(this.outcomes.get(monitorId), kind, now);
    this.outcomes.delete(monitorId);
    this.outcomes.set(monitorId, outcome);
    for (const [oldestId, { endedAt }] of this.outcomes) {
      if (endedAt > now - FORGET_MS) return;
      this.outcomes.delete(oldestId);
    }
  }

  private async isToBeHeld(kind: OutcomeKind, newest: Census, now: number): Promise<boolean> {
    const isHeld = this.heldSince !== null;
    if (kind === 'good') return isHeld && !isRecovery(newest);
    if (isHeld && kind === 'ours') return true;
    const censuses = [newest, takeCensus(this.outcomes.values(), now, NEWER_MS)];
    if (censuses.some(isOwnFailure)) return true;
    if (!isHeld && !censuses.some(isMassFailure)) return false;
    return await this.ownSide.isCutOff('network', performance.now());
  }

  private hold(isHeld: boolean, census: Census, now: number): HoldChange | null {
    if (isHeld === (this.heldSince !== null)) return null;
    const heldSince = this.heldSince ?? now;
    this.heldSince = isHeld ? now : null;
    const news = isHeld
      ? 'most checks fail at once because of this side: decisions are held'
      : 'decisions count again';
    this.logger.warn({ ...census }, news);
    return { kind: isHeld ? 'began' : 'ended', heldSince, endedAt: isHeld ? null : now, census };
  }
}

function kindOf({ class: resultClass }: CheckResult): OutcomeKind {
  if (resultClass === 'unknown') return 'ours';
  return resultClass === 'down' ? 'bad' : 'good';
}

function held(result: CheckResult): CheckResult {
  const reason: FaultReason = 'decisions_held';
  return { ...result, class: 'unknown', reason };
}
