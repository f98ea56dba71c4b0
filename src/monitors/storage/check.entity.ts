import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CheckResult, ResultClass } from '../model/monitor';
import { detailsText, readDetails, type CheckDetails } from './check-details';

/** One check. The slot names it among those of its monitor, so that it is stored once, whoever has run it. */
@Entity('checks')
export class CheckEntity {
  @PrimaryColumn('text')
  monitor_id!: string;

  /** When it was due; when it was asked for, where somebody wanted it at once. */
  @PrimaryColumn('integer')
  slot_at!: number;

  @Column('integer')
  started_at!: number;

  @Column('text')
  class!: ResultClass;

  @Column('text', { nullable: true })
  reason!: string | null;

  /** In tenths of a millisecond. */
  @Column('integer')
  duration_tenths!: number;

  @Column('integer', { nullable: true })
  http_status!: number | null;

  /** 1 where it began in a maintenance window of its monitor. */
  @Column('integer')
  is_in_maintenance!: number;

  /** What else it said. */
  @Column('text', { transformer: { to: detailsText, from: readDetails } })
  details!: CheckDetails;
}

/** What a stored check said. */
export function resultOf(check: CheckEntity): CheckResult {
  const { reason, started_at, http_status, duration_tenths, details } = check;
  return {
    class: check.class,
    reason,
    started_at,
    duration_ms: duration_tenths / 10,
    http_status,
    ...details,
  };
}
