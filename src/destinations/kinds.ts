import { Injectable } from '@nestjs/common';
import { EmailDestination } from './email.destination';
import type { DestinationType, Kind } from './kind';
import { PagerDutyDestination } from './pagerduty.destination';
import { SlackDestination } from './slack.destination';
import { WebhookDestination } from './webhook.destination';

/** Every type of destination that an account can configure. */
@Injectable()
export class Kinds {
  private readonly byType: Readonly<Record<DestinationType, Kind>>;

  constructor(
    pagerduty: PagerDutyDestination,
    slack: SlackDestination,
    webhook: WebhookDestination,
    email: EmailDestination,
  ) {
    this.byType = { pagerduty, slack, webhook, email };
  }

  of(type: DestinationType): Kind {
    return this.byType[type];
  }
}
