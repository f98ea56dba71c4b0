import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../../database/database';
import { Statement } from '../../database/statement';
import { SloAlertEntity } from './alert.entity';

/** Somebody else, who leads now, has changed what is remembered of an alert: nothing may follow from this reading. */
export class AlertOvertakenError extends Error {
  constructor() {
    super('what is remembered of an alert has changed meanwhile');
    this.name = 'AlertOvertakenError';
  }
}

/** Rows that say what is remembered from now on, with the version that was read; 0 where there was none. */
const KEEP = new Statement<{ alert: string }>(
  ({ rows }) => `
  INSERT INTO slo_alerts (account_id, subject, alert, name, service, state, version, told_at)
  SELECT j.value ->> 0, j.value ->> 1, j.value ->> 2, j.value ->> 3, j.value ->> 4, j.value ->> 5,
    CAST(j.value ->> 6 AS integer) + 1, CAST(j.value ->> 7 AS bigint)
  FROM ${rows('j')} WHERE TRUE ORDER BY 1, 2, 3
  ON CONFLICT (account_id, subject, alert) DO UPDATE SET
    name = excluded.name, service = excluded.service, state = excluded.state, version = excluded.version,
    told_at = excluded.told_at
  WHERE slo_alerts.version = excluded.version - 1
  RETURNING alert`,
);

/** Rows of account, subject, alert, and the version that was read. */
const FORGET = new Statement<{ alert: string }>(
  ({ rows }) => `
  DELETE FROM slo_alerts WHERE (account_id, subject, alert, version) IN (
    SELECT j.value ->> 0, j.value ->> 1, j.value ->> 2, CAST(j.value ->> 3 AS integer) FROM ${rows('j')})
  RETURNING alert`,
);

/** The table of what is remembered of alerts from minute to minute. */
@Injectable()
export class AlertsRepository {
  constructor(private readonly database: Database) {}

  /** All that are not quiet. */
  all(): Promise<SloAlertEntity[]> {
    return this.database.read.find(SloAlertEntity);
  }

  /**
   * Keeps what is remembered from now on; quiet ones are forgotten.
   *
   * @param alerts each with the version that was read, 0 where there was none
   * @throws AlertOvertakenError where one of them was changed since
   */
  async keep(tx: EntityManager, alerts: readonly SloAlertEntity[]): Promise<void> {
    const kept = alerts.filter(({ state }) => state.phase !== 'quiet').map(valuesOf);
    const forgotten = alerts
      .filter(({ state, version }) => state.phase === 'quiet' && version > 0)
      .map(({ account_id, subject, alert, version }) => [account_id, subject, alert, version]);
    for (const [statement, rows] of [
      [KEEP, kept],
      [FORGET, forgotten],
    ] as const) {
      if (rows.length === 0) continue;
      const done = await statement.run(tx, [JSON.stringify(rows)]);
      if (done.length < rows.length) throw new AlertOvertakenError();
    }
  }
}

function valuesOf(alert: SloAlertEntity): readonly unknown[] {
  const { account_id, subject, alert: name, name: called, service, state, version, told_at } = alert;
  return [account_id, subject, name, called, service, JSON.stringify(state), version, told_at];
}
