import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Origin } from '../definition-files/origin';
import type { DestinationType } from './kind';

/**
 * Somewhere an account wants its events sent. Its settings stand in `destination_credentials`, sealed, under the
 * fingerprint of the place that they lead to.
 */
@Entity('destinations')
export class DestinationEntity {
  /** `<type>-<12 hex digits>`: what the outbox calls it, never given twice. */
  @PrimaryColumn('text')
  id!: string;

  @Column('text')
  account_id!: string;

  /** Unique among the account's that are not deleted; never changes. */
  @Column('text')
  name!: string;

  @Column('text')
  type!: DestinationType;

  /** Fingerprint of its current settings. */
  @Column('text')
  credential!: string;

  /** Whether new events go there; what was opened there is closed there all the same. */
  @Column('boolean')
  enabled!: boolean;

  @Column('text')
  origin!: Origin;

  @Column('integer')
  created_at!: number;

  @Column('integer')
  updated_at!: number;

  /** From then on nobody can see it; the row stays for what is still to be closed there. */
  @Column('integer', { nullable: true })
  deleted_at!: number | null;
}
