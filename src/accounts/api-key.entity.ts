import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Scope } from './scope';

/** A key of an account. The key itself is not kept, only what it can be recognized by. */
@Entity('api_keys')
export class ApiKeyEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text')
  account_id!: string;

  /** Its beginning, which may be shown and by which it is found. */
  @Column('text', { unique: true })
  prefix!: string;

  /** SHA-256 of the whole key, in hexadecimal digits. */
  @Column('text')
  hash!: string;

  @Column('simple-array')
  scopes!: Scope[];

  @Column('integer')
  created_at!: number;

  @Column('integer', { nullable: true })
  expires_at!: number | null;

  @Column('integer', { nullable: true })
  revoked_at!: number | null;

  /** To the minute. */
  @Column('integer', { nullable: true })
  last_used_at!: number | null;
}
