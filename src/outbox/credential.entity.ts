import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * A credential that triggers went through (PagerDuty: the routing key). Kept because a resolve has to go
 * through the one of its trigger, also after the setting has changed.
 */
@Entity('destination_credentials')
export class CredentialEntity {
  /** First 16 hex digits of the SHA-256 of destination and secret: safe to show. */
  @PrimaryColumn('text')
  fingerprint!: string;

  @Column('text')
  destination!: string;

  @Column('text')
  secret!: string;

  @Column('integer')
  first_used_at!: number;

  /** Whether it leads nowhere any more: what was opened through it counts as never sent. */
  @Column('boolean')
  abandoned!: boolean;
}
