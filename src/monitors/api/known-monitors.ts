import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Database } from '../../database/database';
import { MonitorEntity } from '../storage/monitor.entity';

/** Says which monitors there are. */
@Injectable()
export class KnownMonitors {
  constructor(private readonly database: Database) {}

  /** The ids among these that are no monitor of the account, at most ten. */
  async missingOf(account_id: string, ids: readonly string[]): Promise<readonly string[]> {
    const where = { account_id, id: In([...ids]) };
    const found = await this.database.read.find(MonitorEntity, { where, select: { id: true } });
    const known = new Set(found.map(({ id }) => id));
    return ids.filter((id) => !known.has(id)).slice(0, 10);
  }
}
