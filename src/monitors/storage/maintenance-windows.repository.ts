import { Injectable } from '@nestjs/common';
import { In, MoreThan } from 'typeorm';
import { Database } from '../../database/database';
import { MaintenanceWindowEntity } from './maintenance-window.entity';
import { randomId } from './random-id';

/** What of a window can be changed. */
export type WindowFields = Pick<MaintenanceWindowEntity, 'name' | 'monitor_ids' | 'schedule'>;

/** A window that is to be. */
export type NewWindow = WindowFields & Pick<MaintenanceWindowEntity, 'account_id' | 'origin' | 'origin_key'>;

/** The table of maintenance windows. */
@Injectable()
export class MaintenanceWindowsRepository {
  constructor(private readonly database: Database) {}

  /** Adds a window; null where the account has `limit` of them. */
  create(window: NewWindow, limit = Infinity): Promise<MaintenanceWindowEntity | null> {
    return this.database.write(async (tx, now) => {
      const { account_id } = window;
      if ((await tx.countBy(MaintenanceWindowEntity, { account_id })) >= limit) return null;
      const row = { ...window, id: randomId(), created_at: now, updated_at: now };
      await tx.insert(MaintenanceWindowEntity, row);
      return row;
    });
  }

  /** Changes a window; null where it is gone. */
  change(
    { account_id, id }: Pick<MaintenanceWindowEntity, 'account_id' | 'id'>,
    fields: Partial<WindowFields>,
  ): Promise<MaintenanceWindowEntity | null> {
    return this.database.write(async (tx, now) => {
      await tx.update(MaintenanceWindowEntity, { account_id, id }, { ...fields, updated_at: now });
      return tx.findOneBy(MaintenanceWindowEntity, { account_id, id });
    });
  }

  /** Removes a window; false where it is gone. */
  async remove({ account_id, id }: Pick<MaintenanceWindowEntity, 'account_id' | 'id'>): Promise<boolean> {
    const { affected } = await this.database.write((tx) =>
      tx.delete(MaintenanceWindowEntity, { account_id, id }),
    );
    return affected === 1;
  }

  find(account_id: string, id: string): Promise<MaintenanceWindowEntity | null> {
    return this.database.read.findOneBy(MaintenanceWindowEntity, { account_id, id });
  }

  /** Windows of an account in the order of their ids, those after `after`. */
  list(account_id: string, limit: number, after?: string): Promise<MaintenanceWindowEntity[]> {
    const place = after === undefined ? {} : { id: MoreThan(after) };
    return this.database.read.find(MaintenanceWindowEntity, {
      where: { account_id, ...place },
      order: { id: 'ASC' },
      take: limit,
    });
  }

  /** All windows of some accounts. */
  ofAccounts(accountIds: readonly string[]): Promise<MaintenanceWindowEntity[]> {
    return this.database.read.findBy(MaintenanceWindowEntity, { account_id: In([...accountIds]) });
  }

  /** All windows that come from the file of monitors. */
  ofFile(): Promise<MaintenanceWindowEntity[]> {
    return this.database.read.findBy(MaintenanceWindowEntity, { origin: 'file' });
  }
}
