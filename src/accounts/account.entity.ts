import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A tenant of whom more is known than its id. Accounts without a row have the default limits. */
@Entity('accounts')
export class AccountEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text')
  name!: string;

  /** Null: the default, ACCOUNT_EVENTS_PER_MINUTE. */
  @Column('integer', { nullable: true })
  events_per_minute!: number | null;

  /** Null: the default, ACCOUNT_BURST. */
  @Column('integer', { nullable: true })
  burst!: number | null;

  /**
   * What its own Stripe endpoint signs with, several while one takes the other's place: a JSON list, sealed
   * (stripe-secrets-seal.ts). Null where there is none.
   */
  @Column('text', { nullable: true })
  stripe_secrets!: string | null;

  @Column('integer')
  created_at!: number;

  @Column('integer')
  updated_at!: number;

  /** From then on nobody can use it; retention removes it later. */
  @Column('integer', { nullable: true })
  deleted_at!: number | null;
}
