import { Injectable, type OnModuleInit } from '@nestjs/common';
import { findCaller } from '../../accounts/caller';
import { notesOn } from '../../http/request-notes';
import { RequestObserver, type RequestEnd } from '../../http/request-observer';
import { outcomeOf } from '../model/tally';
import { Objectives } from '../objectives/objectives';
import { Counting } from './counting';
import { ALL_REQUESTS, routeSeries } from './series';

/** An answer 503 of readiness is the right one; and what goes to the built-in mock comes from this service itself. */
const UNCOUNTED: ReadonlySet<string | null> = new Set([
  '/healthz',
  '/readyz',
  '/metrics',
  '/destinations/pagerduty',
  '/destinations/pagerduty/v2/enqueue',
]);

const ALL = { series: ALL_REQUESTS, account_id: '' };

/** Counts requests: by route, and all of them; for an account only where it has an objective of its own. */
@Injectable()
export class RequestCounter implements OnModuleInit {
  constructor(
    private readonly observer: RequestObserver,
    private readonly counting: Counting,
    private readonly objectives: Objectives,
  ) {}

  onModuleInit(): void {
    this.observer.observe((end) => this.count(end));
  }

  private count(end: RequestEnd): void {
    const { method, route, status, isWhole, durationMs, request } = end;
    if (UNCOUNTED.has(route)) return;
    const outcome = outcomeOf({ status, is_whole: isWhole });
    this.counting.count(ALL, outcome, durationMs);
    if (route === null) return;
    const cache = notesOn(request).cache ?? null;
    const series = routeSeries(`${method} ${route}`, outcome === 'good' ? cache : null);
    this.counting.count({ series, account_id: '' }, outcome, durationMs);
    const { countedAccounts } = this.objectives;
    if (countedAccounts.size === 0) return;
    for (const account_id of accountsOf(end)) {
      if (!countedAccounts.has(account_id)) continue;
      this.counting.count({ series: ALL_REQUESTS, account_id }, outcome, durationMs);
      this.counting.count({ series, account_id }, outcome, durationMs);
    }
  }
}

/** Whose request it was: of an account's credential that account's, else those whose data it was about. */
function accountsOf({ request }: RequestEnd): readonly string[] {
  const caller = findCaller(request);
  if (caller?.isOperator === false) return [caller.account_id];
  return notesOn(request).accounts ?? [];
}
