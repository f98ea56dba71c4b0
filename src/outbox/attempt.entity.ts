import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Outcome } from './outcome';

/** One attempt to send a delivery, kept for good. Written before the request is made. */
@Entity('delivery_attempts')
export class AttemptEntity {
  @PrimaryColumn('integer')
  delivery_id!: number;

  /** 1, 2, …: the claim it was made under. */
  @PrimaryColumn('integer')
  number!: number;

  @Column('integer')
  started_at!: number;

  @Column('integer', { nullable: true })
  finished_at!: number | null;

  /** Null while it is under way, and for good where the process died meanwhile. */
  @Column('text', { nullable: true })
  outcome!: Outcome | null;

  @Column('integer', { nullable: true })
  http_status!: number | null;

  @Column('text', { nullable: true })
  error!: string | null;

  /** Beginning of the destination's answer. */
  @Column('text', { nullable: true })
  response!: string | null;

  /** When it is tried again; null after the last attempt. */
  @Column('integer', { nullable: true })
  retry_at!: number | null;
}
