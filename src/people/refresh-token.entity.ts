import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A refresh token that was handed out. The token itself is not kept. */
@Entity('refresh_tokens')
export class RefreshTokenEntity {
  /** SHA-256 of the token, in hexadecimal digits. */
  @PrimaryColumn('text')
  hash!: string;

  @Column('text')
  session_id!: string;

  @Column('integer')
  expires_at!: number;

  /** When it was exchanged for its successor; null while it is the newest of its session. */
  @Column('integer', { nullable: true })
  used_at!: number | null;
}
