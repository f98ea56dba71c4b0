import { Injectable, NotFoundException, type CanActivate } from '@nestjs/common';
import { Settings } from '../config/settings';

/** With a routing key, pages go to the real PagerDuty: nobody must take the mock's answers for it. */
@Injectable()
export class NoMockWithRoutingKeyGuard implements CanActivate {
  constructor(private readonly settings: Settings) {}

  canActivate(): boolean {
    if (this.settings.PAGERDUTY_ROUTING_KEY === undefined) return true;
    throw new NotFoundException({
      message: 'There is no mock PagerDuty where PAGERDUTY_ROUTING_KEY is set',
      code: 'not_found',
    });
  }
}
