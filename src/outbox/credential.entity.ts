import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * What triggers go through: PagerDuty's routing key, or an account's settings of a destination as JSON text. Kept
 * because a resolve has to go through the one of its trigger, also after the settings have changed.
 */
@Entity('destination_credentials')
export class CredentialEntity {
  /** First 16 hex digits of the SHA-256 of the destination and the place that it leads to. */
  @PrimaryColumn('text')
  fingerprint!: string;

  @Column('text')
  destination!: string;

  /** Sealed, but for the operator's own where there is no key. */
  @Column('text')
  secret!: string;

  @Column('integer')
  first_used_at!: number;

  /** Whether it leads nowhere any more: what was opened through it counts as never sent. */
  @Column('boolean')
  abandoned!: boolean;
}
