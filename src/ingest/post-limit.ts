import { Injectable } from '@nestjs/common';
import { AccountLimits } from '../accounts/account-limits';
import type { LimitDecision } from '../accounts/token-bucket';
import type { NormalizedEvent } from '../normalization/normalized-event';

/** Asks for a post as a whole what accounts may post. */
@Injectable()
export class PostLimit {
  constructor(private readonly limits: AccountLimits) {}

  /**
   * Counts a post's events for their accounts, one account after the other until one refuses. The answer is that
   * refusal, else what is said of the account that has least left.
   *
   * @param counts of one account at least
   * @throws ApiError 403 where an account is deleted
   */
  async take(counts: ReadonlyMap<string, number>): Promise<LimitDecision> {
    let tightest: LimitDecision | null = null;
    for (const [account_id, count] of counts) {
      const decision = await this.limits.take(account_id, count);
      if (!decision.isAllowed) return decision;
      if (tightest === null || decision.remaining < tightest.remaining) tightest = decision;
    }
    return tightest!;
  }
}

/** How many events each account has; mostly it is one account. */
export function countByAccount(events: readonly NormalizedEvent[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { account_id } of events) counts.set(account_id, (counts.get(account_id) ?? 0) + 1);
  return counts;
}
