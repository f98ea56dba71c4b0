import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A stretch of time in which somebody looked, without a gap that would matter. */
@Entity('slo_watches')
export class SloWatchEntity {
  /** `monitors` for all of them together, `page <name>` for a status page. */
  @PrimaryColumn('text')
  subject!: string;

  @PrimaryColumn('integer')
  from_at!: number;

  /** The newest look. */
  @Column('integer')
  until_at!: number;
}
