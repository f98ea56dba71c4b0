import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** What the users of one batch of events did, until it is added to `event_users`. */
@Entity('event_user_tallies')
export class UserTallyEntity {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column('bigint')
  received_at!: number;

  /** JSON text: a list of `AccountTally`. */
  @Column('text')
  tallies!: string;
}
