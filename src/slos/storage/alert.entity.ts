import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AlertState } from '../model/alert-state';
import type { AlertName } from '../model/alerts';

/** What is remembered of an alert that is pending or open. One that is quiet has no row. */
@Entity('slo_alerts')
export class SloAlertEntity {
  /** Empty where it is about all accounts together. */
  @PrimaryColumn('text')
  account_id!: string;

  /** What it is about, among those of the account. */
  @PrimaryColumn('text')
  subject!: string;

  @PrimaryColumn('text')
  alert!: AlertName;

  /** What people call what it is about. */
  @Column('text')
  name!: string;

  /** The service that its events are about. */
  @Column('text')
  service!: string;

  @Column('simple-json')
  state!: AlertState;

  /** Rises with every change; who writes has to name the one that was read. */
  @Column('integer')
  version!: number;

  /** `updated_at` of its newest event: the next one's is no earlier. Null before the first. */
  @Column('integer', { nullable: true })
  told_at!: number | null;
}
