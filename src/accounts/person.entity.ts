import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Somebody who can log in. What they may do their memberships say. */
@Entity('people')
export class PersonEntity {
  @PrimaryColumn('text')
  id!: string;

  /** In lower case. */
  @Column('text', { unique: true })
  email!: string;

  /** argon2id in PHC form; null for who logs in by way of OpenID Connect alone. Never shown. */
  @Column('text', { nullable: true })
  password_hash!: string | null;

  /** Since when they are an operator of the whole service, while they belong to an account; null where they are none. */
  @Column('integer', { nullable: true })
  operator_since!: number | null;

  /** Who they are at which OpenID provider; null until they first come from there. */
  @Column('text', { nullable: true })
  oidc_issuer!: string | null;

  @Column('text', { nullable: true })
  oidc_subject!: string | null;

  @Column('integer')
  created_at!: number;

  @Column('integer', { nullable: true })
  last_login_at!: number | null;
}
