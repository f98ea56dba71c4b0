import { Injectable } from '@nestjs/common';
import { In, MoreThan } from 'typeorm';
import type { Author } from '../../accounts/actor';
import { Audit } from '../../accounts/audit/audit';
import type { Fields } from '../../accounts/audit/changes';
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
  constructor(
    private readonly database: Database,
    private readonly audit: Audit,
  ) {}

  /** Adds a window; null where the account has `limit` of them. */
  create(author: Author, window: NewWindow, limit = Infinity): Promise<MaintenanceWindowEntity | null> {
    return this.database.write(async (tx, now) => {
      const { account_id } = window;
      if ((await tx.countBy(MaintenanceWindowEntity, { account_id })) >= limit) return null;
      const row = { ...window, id: randomId(), created_at: now, updated_at: now };
      await tx.insert(MaintenanceWindowEntity, row);
      await this.audit.note(tx, now, author, {
        account_id,
        action: 'maintenance_window.added',
        subject: row.id,
        after: auditedFields(row),
      });
      return row;
    });
  }

  /** Changes a window; null where it is gone. */
  change(
    author: Author,
    { account_id, id }: Pick<MaintenanceWindowEntity, 'account_id' | 'id'>,
    fields: Partial<WindowFields>,
  ): Promise<MaintenanceWindowEntity | null> {
    return this.database.write(async (tx, now) => {
      // Holds the row, so that what it was is what nobody else changes meanwhile.
      await tx.update(MaintenanceWindowEntity, { account_id, id }, { updated_at: now });
      const before = await tx.findOneBy(MaintenanceWindowEntity, { account_id, id });
      if (before === null) return null;
      await tx.update(MaintenanceWindowEntity, { account_id, id }, fields);
      const after = await tx.findOneByOrFail(MaintenanceWindowEntity, { account_id, id });
      await this.audit.note(tx, now, author, {
        account_id,
        action: 'maintenance_window.changed',
        subject: id,
        before: auditedFields(before),
        after: auditedFields(after),
      });
      return after;
    });
  }

  /** Removes a window; false where it is gone. */
  remove(
    author: Author,
    { account_id, id }: Pick<MaintenanceWindowEntity, 'account_id' | 'id'>,
  ): Promise<boolean> {
    return this.database.write(async (tx, now) => {
      const window = await tx.findOneBy(MaintenanceWindowEntity, { account_id, id });
      const { affected } = await tx.delete(MaintenanceWindowEntity, { account_id, id });
      // Null where somebody else has removed it in between.
      if (window === null || affected !== 1) return false;
      await this.audit.note(tx, now, author, {
        account_id,
        action: 'maintenance_window.deleted',
        subject: id,
        before: auditedFields(window),
      });
      return true;
    });
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

/** What the audit log says of a window. */
function auditedFields({ name, monitor_ids, schedule }: WindowFields): Fields {
  return { name, monitor_ids, ...schedule };
}
