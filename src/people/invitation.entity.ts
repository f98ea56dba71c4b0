import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AccountRole } from '../config/account-role';

/** Leave for an address to become a person of an account, by whoever has its token. */
@Entity('invitations')
export class InvitationEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text')
  account_id!: string;

  /** In lower case. */
  @Column('text')
  email!: string;

  @Column('text')
  role!: AccountRole;

  /** SHA-256 of the token, in hexadecimal digits. */
  @Column('text', { unique: true })
  hash!: string;

  /** Who invited, as a text for people. */
  @Column('text')
  invited_by!: string;

  @Column('integer')
  created_at!: number;

  @Column('integer')
  expires_at!: number;

  @Column('integer', { nullable: true })
  accepted_at!: number | null;

  @Column('integer', { nullable: true })
  revoked_at!: number | null;
}
