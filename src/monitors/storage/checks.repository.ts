import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database';
import type { ResultClass } from '../model/monitor';
import { CheckEntity } from './check.entity';

/** Which checks of a monitor a list shows, newest first. */
export interface ChecksFilter {
  readonly class?: ResultClass | undefined;
  /** Those of earlier slots only. */
  readonly before_slot_at?: number | undefined;
  readonly limit: number;
}

/** The table of checks, for reading. `StoredResults` writes it. */
@Injectable()
export class ChecksRepository {
  constructor(private readonly database: Database) {}

  find(monitor_id: string, slot_at: number): Promise<CheckEntity | null> {
    return this.database.read.findOneBy(CheckEntity, { monitor_id, slot_at });
  }

  /** Checks of a monitor, newest first. */
  list(monitorId: string, filter: ChecksFilter): Promise<CheckEntity[]> {
    const query = this.database.read
      .getRepository(CheckEntity)
      .createQueryBuilder('c')
      .where('c.monitor_id = :monitorId', { monitorId })
      .orderBy('c.slot_at', 'DESC')
      .limit(filter.limit);
    if (filter.class !== undefined) query.andWhere('c.class = :class', { class: filter.class });
    // The partial index serves a query only where it repeats its condition.
    if (filter.class !== undefined && filter.class !== 'up') query.andWhere(`c.class <> 'up'`);
    if (filter.before_slot_at !== undefined)
      query.andWhere('c.slot_at < :before', { before: filter.before_slot_at });
    return query.getMany();
  }
}
