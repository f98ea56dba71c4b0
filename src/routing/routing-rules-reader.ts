import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Settings } from '../config/settings';
import { DestinationsRepository } from '../destinations/destinations.repository';
import { PAGERDUTY } from '../destinations/operators-pagerduty';
import type { NormalizedEvent } from '../normalization/normalized-event';
import { wantedAt, type RoutingRules } from './rules';

/** The rules of accounts, by their ids. */
export type RulesOf = (accountId: string) => RoutingRules;

/**
 * Reads the rules in force. So far they are one rule: what is severe enough goes to the operator's PagerDuty, and to
 * every destination of the account's that is switched on.
 */
@Injectable()
export class RoutingRulesReader {
  private readonly operators: RoutingRules;

  constructor(
    settings: Settings,
    private readonly destinations: DestinationsRepository,
  ) {
    this.operators = {
      from_severity: settings.ROUTE_WARNING ? 'warning' : 'critical',
      destinations: [PAGERDUTY],
    };
  }

  /** The rules for some events, as seen by `tx`; where none of them is wanted anywhere, nothing is read. */
  async forEvents(
    tx: EntityManager,
    events: readonly Pick<NormalizedEvent, 'account_id' | 'severity' | 'resolved_at'>[],
  ): Promise<RulesOf> {
    const wanted = events.filter((event) => {
      return event.resolved_at === null && wantedAt(event, this.operators).length > 0;
    });
    const accountIds = [...new Set(wanted.map(({ account_id }) => account_id))];
    const own = accountIds.length === 0 ? null : await this.destinations.enabledOf(tx, accountIds);
    return (accountId) => {
      const destinations = [...this.operators.destinations, ...(own?.get(accountId) ?? [])];
      return { ...this.operators, destinations };
    };
  }
}
