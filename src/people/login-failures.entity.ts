import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What somebody's failed logins have come to. */
@Entity('login_failures')
export class LoginFailuresEntity {
  /** `address:` and a network, or `person:` and the SHA-256 of an e-mail address, known or not. */
  @PrimaryColumn('text')
  subject!: string;

  @Column('integer')
  failures!: number;

  @Column('integer')
  failed_at!: number;

  /** 0 where it is not locked. */
  @Column('integer')
  locked_until!: number;
}
