import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AccountRole } from '../config/account-role';

/** What a person is in an account. */
@Entity('memberships')
export class MembershipEntity {
  @PrimaryColumn('text')
  account_id!: string;

  @PrimaryColumn('text')
  person_id!: string;

  @Column('text')
  role!: AccountRole;

  @Column('integer')
  created_at!: number;
}
