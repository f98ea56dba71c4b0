import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PublicPage, ShownService } from './public-page';

/** What an account shows to everybody. There is none until somebody makes it. */
@Entity('public_pages')
export class PublicPageEntity implements PublicPage {
  @PrimaryColumn('text')
  account_id!: string;

  @Column('text')
  slug!: string;

  @Column('text')
  title!: string;

  @Column('boolean')
  enabled!: boolean;

  @Column('boolean')
  show_summaries!: boolean;

  /** In the order of the page. */
  @Column('simple-json')
  services!: readonly ShownService[];

  /** What ids of incidents are made with, so that nobody can tell an event's id from them. */
  @Column('text')
  secret!: string;

  @Column('integer')
  created_at!: number;

  @Column('integer')
  updated_at!: number;
}
