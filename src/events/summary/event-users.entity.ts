import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The most active users of an account in one hour or day. */
@Entity('event_users')
export class EventUsersEntity {
  @PrimaryColumn('bigint')
  span_ms!: number;

  @PrimaryColumn('bigint')
  bucket_at!: number;

  @PrimaryColumn('text')
  account_id!: string;

  /** JSON text: `UserLists`. */
  @Column('text')
  users!: string;

  /** Each count may be too low by so much; so much a user may have done who is not named. */
  @Column('bigint')
  cut!: number;
}
