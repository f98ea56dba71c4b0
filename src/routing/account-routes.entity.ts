import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Route } from './route';

/** All routes of one account. Once there it stays, so that no version comes twice. */
@Entity('account_routes')
export class AccountRoutesEntity {
  @PrimaryColumn('text')
  account_id!: string;

  /** Rises with every change. */
  @Column('integer')
  version!: number;

  /** In their order. */
  @Column('simple-json')
  routes!: readonly Route[];

  @Column('integer')
  updated_at!: number;
}
