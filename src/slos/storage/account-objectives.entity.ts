import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Objective } from '../model/objective';

/** The objectives that an account has set for itself. Once there it stays, so that no version comes twice. */
@Entity('account_objectives')
export class AccountObjectivesEntity {
  @PrimaryColumn('text')
  account_id!: string;

  /** Rises with every change. */
  @Column('integer')
  version!: number;

  /** How many there are. */
  @Column('integer')
  size!: number;

  /** In the order in which they were given. */
  @Column('simple-json')
  objectives!: readonly Objective[];

  @Column('integer')
  updated_at!: number;
}
