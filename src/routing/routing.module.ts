import { Injectable, Module } from '@nestjs/common';
import { Settings } from '../config/settings';
import { PAGERDUTY } from '../destinations/pagerduty.destination';
import type { RoutingRules } from './rules';

/** The rules in force. */
@Injectable()
export class RoutingRulesProvider {
  readonly current: RoutingRules;

  constructor(settings: Settings) {
    this.current = {
      from_severity: settings.ROUTE_WARNING ? 'warning' : 'critical',
      destinations: [PAGERDUTY],
    };
  }
}

@Module({ providers: [RoutingRulesProvider], exports: [RoutingRulesProvider] })
export class RoutingModule {}
