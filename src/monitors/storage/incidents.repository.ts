import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../../database/database';
import { Statement } from '../../database/statement';
import { incidentEventId, type Effect } from '../model/incident';
import { MonitorIncidentEntity } from './monitor-incident.entity';

/** Whose incidents an effect is about. */
export interface IncidentOwner {
  readonly monitor_id: string;
  readonly account_id: string;
}

const OPEN = new Statement(
  () => `
  INSERT INTO monitor_incidents (monitor_id, started_at, account_id, event_id, resolved_at)
  VALUES (?, ?, ?, ?, NULL)
  ON CONFLICT (monitor_id, started_at) DO UPDATE SET resolved_at = NULL`,
);

const RESOLVE = new Statement(
  () => 'UPDATE monitor_incidents SET resolved_at = ? WHERE monitor_id = ? AND started_at = ?',
);

/** Those that were open at some time of a span, newest first. */
const WITHIN = new Statement<MonitorIncidentEntity>(
  () => `
  SELECT * FROM monitor_incidents
  WHERE monitor_id = ? AND started_at < ? AND (resolved_at IS NULL OR resolved_at > ?)
  ORDER BY started_at DESC LIMIT ?`,
);

const REMOVE_OLD = new Statement<{ monitor_id: string }>(
  () => `
  DELETE FROM monitor_incidents WHERE (monitor_id, started_at) IN (
    SELECT monitor_id, started_at FROM monitor_incidents WHERE resolved_at < ? ORDER BY resolved_at LIMIT ?)
  RETURNING monitor_id`,
);

/** The table of outages. */
@Injectable()
export class IncidentsRepository {
  constructor(private readonly database: Database) {}

  /** The incident that is open, or null. */
  openOf(monitor_id: string): Promise<MonitorIncidentEntity | null> {
    return this.database.read
      .getRepository(MonitorIncidentEntity)
      .createQueryBuilder('i')
      .where('i.monitor_id = :monitor_id AND i.resolved_at IS NULL', { monitor_id })
      .getOne();
  }

  /** Incidents of a monitor that were open at some time from an instant until another one, newest first. */
  within(monitorId: string, from: number, until: number, limit: number): Promise<MonitorIncidentEntity[]> {
    return WITHIN.run(this.database.read, [monitorId, until, from, limit]);
  }

  /** Keeps what an effect says; in the transaction that stores the event about it. */
  async apply(tx: EntityManager, { monitor_id, account_id }: IncidentOwner, effect: Effect): Promise<void> {
    const { started_at } = effect.incident;
    switch (effect.do) {
      case 'open':
        await OPEN.run(tx, [
          monitor_id,
          started_at,
          account_id,
          incidentEventId(monitor_id, effect.incident),
        ]);
        return;
      case 'resolve':
        await RESOLVE.run(tx, [effect.resolved_at, monitor_id, started_at]);
        return;
      case 'update':
      case 'notice':
        return;
    }
  }

  /** Removes some of those that ended before an instant; answers how many. */
  async removeOld(before: number, limit: number): Promise<number> {
    return (await this.database.write((tx) => REMOVE_OLD.run(tx, [before, limit]))).length;
  }
}
