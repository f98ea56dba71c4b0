import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Something that one process at a time may do. The row outlives the process that holds it. */
@Entity('leases')
export class LeaseEntity {
  /** What is leased, for example `leader`. */
  @PrimaryColumn('text')
  name!: string;

  /** The process that took it last. */
  @Column('text')
  holder!: string;

  /** Rises with every taking: what was done under an older one does not count. */
  @Column('integer')
  token!: number;

  /** Until when it holds; 0 once it was given back. */
  @Column('integer')
  until!: number;

  /** What the holder left behind when it gave it back. */
  @Column('text', { nullable: true })
  note!: string | null;
}
