import { Injectable } from '@nestjs/common';

/** What was refused of one account's webhooks; `at` in milliseconds since 1970 UTC. */
export interface Refusals {
  readonly count: number;
  readonly at: number | null;
  readonly code: string | null;
}

const NONE: Refusals = { count: 0, at: null, code: null };

/** Anybody can make refusals for accounts that are not there: so many accounts are remembered. */
const MAX_ACCOUNTS = 1_000;

/** Remembers what this process has refused of Stripe's webhooks, for whoever wonders why nothing comes. */
@Injectable()
export class StripeRefusals {
  private readonly byAccount = new Map<string, Refusals>();

  note(accountId: string, code: string, at: number): void {
    const { count } = this.of(accountId);
    const [oldest] = this.byAccount.keys();
    this.byAccount.delete(accountId);
    if (oldest !== undefined && this.byAccount.size >= MAX_ACCOUNTS) this.byAccount.delete(oldest);
    this.byAccount.set(accountId, { count: count + 1, at, code });
  }

  of(accountId: string): Refusals {
    return this.byAccount.get(accountId) ?? NONE;
  }
}
