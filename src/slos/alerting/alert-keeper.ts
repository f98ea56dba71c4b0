import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../../database/database';
import { Recorder } from '../../recording/recorder';
import { alertEvent, type AlertSubject } from '../model/alert-event';
import { advanceAlert, QUIET, stopAlert, type AlertEffect, type AlertState } from '../model/alert-state';
import { ALERTS } from '../model/alerts';
import type { SloAlertEntity } from '../storage/alert.entity';
import { AlertOvertakenError, AlertsRepository } from '../storage/alerts.repository';
import type { Condition } from './condition';

/** What follows from a reading. */
interface Turn {
  readonly next: SloAlertEntity;
  readonly effect: AlertEffect | null;
  readonly measured: Condition['measured'];
}

/** So many are kept in one transaction. */
const AT_ONCE = 200;

/**
 * Remembers alerts from minute to minute, and tells of them: the event that opens or resolves one is recorded in the
 * transaction that remembers it, so that each is told once whatever happens. Where another process leads by now, and
 * has changed what is remembered, nothing follows from this one's readings.
 */
@Injectable()
export class AlertKeeper {
  private readonly logger = new Logger('Slos');

  constructor(
    private readonly database: Database,
    private readonly alerts: AlertsRepository,
    private readonly recorder: Recorder,
  ) {}

  /**
   * Draws the conclusions of a minute. What is remembered of an alert that nobody reads any more, as its subject is gone,
   * is forgotten, and resolved where it is open.
   *
   * @param remembered all alerts that are not quiet
   */
  async conclude(
    remembered: readonly SloAlertEntity[],
    conditions: readonly Condition[],
    now: number,
  ): Promise<void> {
    const known = new Map(remembered.map((alert) => [nameOf(alert), alert]));
    const turns = conditions.map((condition) => {
      const alert = rowOf(condition.about);
      return advance(known.get(nameOf(alert)) ?? alert, condition, now);
    });
    const read = new Set(turns.map(({ next }) => nameOf(next)));
    const stopped = remembered.filter((alert) => !read.has(nameOf(alert))).map((alert) => stop(alert, now));
    const changed = [...turns, ...stopped].filter(({ next, effect }) => {
      return effect !== null || next.state !== (known.get(nameOf(next))?.state ?? QUIET);
    });
    await this.keepAll(changed.filter(({ effect }) => effect === null));
    await this.tellAll(changed, now);
  }

  private async keepAll(turns: readonly Turn[]): Promise<void> {
    for (let from = 0; from < turns.length; from += AT_ONCE) {
      const rows = turns.slice(from, from + AT_ONCE).map(({ next }) => next);
      await this.unlessOvertaken(() => this.database.write((tx) => this.alerts.keep(tx, rows)));
    }
  }

  private async tellAll(turns: readonly Turn[], now: number): Promise<void> {
    const told = turns.flatMap(({ next, effect, measured }) =>
      effect === null ? [] : [{ next, effect, measured }],
    );
    for (let from = 0; from < told.length; from += AT_ONCE) {
      const some = told.slice(from, from + AT_ONCE);
      await Promise.all(some.map((turn) => this.unlessOvertaken(() => this.tell(turn, now))));
    }
  }

  private async tell(
    { next, effect, measured }: Turn & { readonly effect: AlertEffect },
    now: number,
  ): Promise<void> {
    const { alert, subject, name, service } = next;
    const about = { alert, subject, name, service, account_id: accountOf(next) };
    const updated_at = Math.max(now, next.told_at ?? 0);
    const event = alertEvent(effect, about, { updated_at, measured });
    const alongside = (tx: EntityManager): Promise<void> =>
      this.alerts.keep(tx, [{ ...next, told_at: updated_at }]);
    await this.recorder.record([event], { alongside });
    const line = { alert, subject, account_id: about.account_id, event_id: event.event_id, ...measured };
    this.logger.log(line, effect.do === 'open' ? 'alert opened' : 'alert resolved');
  }

  private async unlessOvertaken(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof AlertOvertakenError)) throw error;
      this.logger.debug('another process has drawn the conclusions of this minute');
    }
  }
}

function advance(alert: SloAlertEntity, { about, reading, measured }: Condition, now: number): Turn {
  const { state, effect } = advanceAlert(alert.state, reading, ALERTS[about.alert], now);
  return { next: { ...alert, name: about.name, service: about.service, state }, effect, measured };
}

function stop(alert: SloAlertEntity, now: number): Turn {
  const { state, effect } = stopAlert(alert.state, now);
  return { next: { ...alert, state }, effect, measured: { because: 'nobody asks for it any more' } };
}

/** What is remembered of an alert that is quiet. */
function rowOf({ account_id, subject, alert, name, service }: AlertSubject): SloAlertEntity {
  const state: AlertState = QUIET;
  return { account_id: account_id ?? '', subject, alert, name, service, state, version: 0, told_at: null };
}

function accountOf({ account_id }: SloAlertEntity): string | null {
  return account_id === '' ? null : account_id;
}

function nameOf({ account_id, subject, alert }: SloAlertEntity): string {
  return `${account_id}/${subject}/${alert}`;
}
