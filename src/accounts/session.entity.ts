import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What begins with a login and lasts as long as its refresh tokens are exchanged: one family of them. */
@Entity('sessions')
export class SessionEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text')
  person_id!: string;

  @Column('integer')
  created_at!: number;

  @Column('integer')
  last_used_at!: number;

  /** The end that it has however often it is used. */
  @Column('integer')
  expires_at!: number;

  @Column('integer', { nullable: true })
  ended_at!: number | null;
}
