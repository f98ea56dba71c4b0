import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../../database/database';
import { Statement } from '../../database/statement';
import type { Span } from '../../monitors/model/spans';
import { MAX_GAP_MS } from '../model/alert-state';
import type { SloWatchEntity } from './watch.entity';

/** Who runs the checks of monitors. */
export const MONITORS = 'monitors';

export function pageSubject(page: string): string {
  return `page ${page}`;
}

const EXTEND = new Statement<{ subject: string }>(
  () => `
  UPDATE slo_watches SET until_at = CASE WHEN until_at > ? THEN until_at ELSE ? END
  WHERE subject = ? AND from_at <= ? AND until_at >= ? RETURNING subject`,
);

const BEGIN = new Statement(
  () => 'INSERT INTO slo_watches (subject, from_at, until_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
);

const OF_SUBJECT = new Statement<SloWatchEntity>(
  () => 'SELECT * FROM slo_watches WHERE subject = ? ORDER BY from_at',
);

const REMOVE_OLD = new Statement(() => 'DELETE FROM slo_watches WHERE until_at < ?');

/** The table of when somebody looked. */
@Injectable()
export class WatchesRepository {
  constructor(private readonly database: Database) {}

  /** Notes that somebody looks at `now`. What is no longer ago than `MAX_GAP_MS` is taken to be the same look. */
  async look(tx: EntityManager, subject: string, now: number): Promise<void> {
    const extended = await EXTEND.run(tx, [now, now, subject, now, now - MAX_GAP_MS]);
    if (extended.length === 0) await BEGIN.run(tx, [subject, now, now]);
  }

  /** When somebody looked, in order; the newest look is taken to last for as long as the next one may take. */
  async of(subject: string): Promise<Span[]> {
    const rows = await OF_SUBJECT.run(this.database.read, [subject]);
    return rows.map(({ from_at, until_at }, index) => {
      return { from_at, until_at: index === rows.length - 1 ? until_at + MAX_GAP_MS : until_at };
    });
  }

  /** Removes what ended before an instant. */
  async removeOld(before: number): Promise<void> {
    await this.database.write((tx) => REMOVE_OLD.run(tx, [before]));
  }
}
