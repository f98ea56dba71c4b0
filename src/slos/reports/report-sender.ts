import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../../database/database';
import { DestinationsRepository } from '../../destinations/destinations.repository';
import { PAGERDUTY } from '../../destinations/operators-pagerduty';
import { DEFAULT_ACCOUNT, type NormalizedEvent } from '../../normalization/normalized-event';
import type { Action } from '../../outbox/delivery.entity';
import { OutboxRepository } from '../../outbox/outbox.repository';
import { WakeSignal } from '../../outbox/wake-signal';
import { Recorder } from '../../recording/recorder';
import type { ReportWindow } from '../model/report';
import { reportEvent } from './report-event';
import { Reports } from './reports';

/** Where a report goes, and whose it is. */
interface Recipient {
  readonly destination: string;
  readonly account_id: string;
  /** A pager keeps open what is not closed. */
  readonly actions: readonly Action[];
}

/**
 * Sends reports as everything else is sent: an event, and its deliveries in the outbox in the same transaction. So a
 * report is retried, waits for a breaker, dies loudly and can be replayed like any page. Which destination it goes to is
 * said by the settings and not by routing, which sends nothing that is not severe.
 */
@Injectable()
export class ReportSender {
  private readonly logger = new Logger('Slos');

  constructor(
    private readonly database: Database,
    private readonly reports: Reports,
    private readonly destinations: DestinationsRepository,
    private readonly recorder: Recorder,
    private readonly outbox: OutboxRepository,
    private readonly wake: WakeSignal,
  ) {}

  /**
   * Sends a report to destinations: to one of an account's, that account's; to those of the default account and to the
   * operator's PagerDuty, all accounts'. A report that was sent there is not sent again.
   *
   * @param destinations their ids
   */
  async send(window: ReportWindow, destinations: readonly string[], now: number): Promise<void> {
    for (const destination of destinations) {
      const recipient = await this.find(destination);
      if (recipient === null) {
        this.logger.error({ destination }, 'SLO_REPORT_TO names no destination that is switched on');
        continue;
      }
      const { account_id } = recipient;
      const report = await this.reports.slos(
        window,
        now,
        account_id === DEFAULT_ACCOUNT ? undefined : account_id,
      );
      await this.record(reportEvent(report, account_id, destination), recipient);
    }
  }

  private async find(destination: string): Promise<Recipient | null> {
    if (destination === PAGERDUTY) {
      return { destination, account_id: DEFAULT_ACCOUNT, actions: ['trigger', 'resolve'] };
    }
    const found = await this.destinations.find(destination);
    if (found?.row.enabled !== true) return null;
    const { account_id, type } = found.row;
    return { destination, account_id, actions: type === 'pagerduty' ? ['trigger', 'resolve'] : ['trigger'] };
  }

  private async record(event: NormalizedEvent, { destination, actions }: Recipient): Promise<void> {
    const { account_id, event_id, severity } = event;
    const addedAt = await this.database.now();
    const alongside = async (tx: EntityManager): Promise<void> => {
      if ((await this.outbox.historyOf(tx, [event])).length > 0) return;
      const common = { account_id, event_id, revision: 1, destination, severity } as const;
      const rows = actions.map((action) => {
        return {
          ...common,
          action,
          status: 'pending',
          reason: null,
          hold: null,
          held_until: null,
          route_id: null,
          remind_every_s: null,
          replay_of: null,
          request_id: null,
        } as const;
      });
      await this.outbox.add(tx, rows, addedAt);
    };
    await this.recorder.record([event], { alongside });
    this.wake.raise();
    this.logger.log({ destination, account_id, event_id }, 'report on objectives is sent');
  }
}
