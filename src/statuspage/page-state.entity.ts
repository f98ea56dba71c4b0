import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { NormalizedEvent } from '../normalization/normalized-event';
import type { PageMemory } from '../normalization/statuspage-memory';

/** What is known of a status page between polls. Written in the transaction that records the page's events. */
@Entity('page_states')
export class PageStateEntity {
  /** The configured name, for example `spreedly`. */
  @PrimaryColumn('text')
  name!: string;

  /** Where the page was read from last; null for a fixture. The validators belong to this URL. */
  @Column('text', { nullable: true })
  url!: string | null;

  @Column('text', { nullable: true })
  etag!: string | null;

  @Column('text', { nullable: true })
  last_modified!: string | null;

  @Column('simple-json')
  memory!: PageMemory;

  @Column('integer', { nullable: true })
  last_attempt_at!: number | null;

  @Column('integer', { nullable: true })
  last_success_at!: number | null;

  /** When the page last said something new. */
  @Column('integer', { nullable: true })
  last_change_at!: number | null;

  /** When the page could first not be read since it was last read; null while it can be. */
  @Column('integer', { nullable: true })
  failing_since!: number | null;

  @Column('text', { nullable: true })
  last_error_code!: string | null;

  @Column('text', { nullable: true })
  last_error_message!: string | null;

  /** The page asked not to be asked again before (`Retry-After`). */
  @Column('integer', { nullable: true })
  retry_at!: number | null;

  /** The open event that says the page is unreadable. */
  @Column('simple-json', { nullable: true })
  stale_event!: NormalizedEvent | null;
}
