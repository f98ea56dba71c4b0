import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** An event that was taken and cannot be stored, for its own sake. Kept until it is replayed. */
@Entity('dead_letters')
export class DeadLetterEntity {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column('text')
  queue!: string;

  @Column('text')
  account_id!: string;

  @Column('text')
  event_id!: string;

  /** The event, JSON text. */
  @Column('text')
  payload!: string;

  /** What went wrong at the last try. */
  @Column('text')
  error!: string;

  /** Tries so far. */
  @Column('integer')
  attempts!: number;

  @Column('text', { nullable: true })
  request_id!: string | null;

  @Column('integer')
  created_at!: number;

  /** When a replay stored it; it is no dead letter any more then. */
  @Column('integer', { nullable: true })
  replayed_at!: number | null;
}
