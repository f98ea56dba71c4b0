import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { Actor } from '../actor';

/** Something that somebody has changed. Never changed itself; retention removes it. */
@Entity('audit_entries')
export class AuditEntryEntity {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column('integer')
  at!: number;

  /** Whose it was; null where it concerns the whole service. */
  @Column('text', { nullable: true })
  account_id!: string | null;

  @Column('text')
  action!: string;

  /** What was changed: an id or a name, as the action has it. */
  @Column('text')
  subject!: string;

  @Column('text')
  actor_kind!: Actor['kind'];

  /** The id of the person or key. */
  @Column('text', { nullable: true })
  actor_id!: string | null;

  /** The person's e-mail address or the key's prefix, as it was then. */
  @Column('text', { nullable: true })
  actor_name!: string | null;

  @Column('text', { nullable: true })
  address!: string | null;

  @Column('text', { nullable: true })
  request_id!: string | null;

  /** JSON text of `Changes`; null where there are none. */
  @Column('text', { nullable: true })
  changes!: string | null;
}
