import { Injectable } from '@nestjs/common';
import { LessThan, MoreThanOrEqual, type EntityManager } from 'typeorm';
import { Database } from '../../database/database';
import { nameOf, type Author } from '../actor';
import { AuditEntryEntity } from './audit-entry.entity';
import { changesBetween, type Fields } from './changes';

/** Something that was changed. */
export interface AuditedChange {
  /** Whose it is; null where it concerns the whole service. */
  readonly account_id: string | null;
  /** What was done: the kind of thing, a dot, and what became of it, as in `key.revoked`. */
  readonly action: `${string}.${string}`;
  /** The id or name of the thing. */
  readonly subject: string;
  /** What it was, without its secrets; left out where it is new. */
  readonly before?: Fields;
  /** What it is, likewise; left out where it is gone. */
  readonly after?: Fields;
}

/** Which entries are asked for; what is left out narrows nothing. */
export interface AuditFilter {
  readonly account_id?: string | undefined;
  readonly action?: string | undefined;
  /** A person's e-mail address or a key's prefix, as it was then. */
  readonly actor_name?: string | undefined;
  /** The id of the oldest entry that is known already. */
  readonly before?: number | undefined;
  /** Milliseconds since 1970 UTC. */
  readonly since?: number | undefined;
}

/** So many entries go in one transaction, so that nobody waits long behind it. */
const BATCH_SIZE = 500;

/** Who changed what, and from where. Whatever changes something notes it in the transaction that does it. */
@Injectable()
export class Audit {
  constructor(private readonly database: Database) {}

  /** Notes a change; one after which everything is as it was is none. `now` is the transaction's. */
  async note(tx: EntityManager, now: number, author: Author, change: AuditedChange): Promise<void> {
    const { account_id, action, subject, before = null, after = null } = change;
    const changes = changesBetween(before, after);
    const isChanged = Object.keys(changes).length > 0;
    if (before !== null && after !== null && !isChanged) return;
    const { by, address, request_id } = author;
    await tx.insert(AuditEntryEntity, {
      at: now,
      account_id,
      action,
      subject,
      actor_kind: by.kind,
      actor_id: 'id' in by ? by.id : null,
      actor_name: 'id' in by ? nameOf(by) : null,
      address,
      request_id,
      changes: isChanged ? JSON.stringify(changes) : null,
    });
  }

  /** Entries that fit, newest first. Without an account those of all accounts, and of the whole service. */
  list(
    { account_id, action, actor_name, before, since }: AuditFilter,
    limit: number,
  ): Promise<AuditEntryEntity[]> {
    return this.database.read.find(AuditEntryEntity, {
      where: {
        ...(account_id === undefined ? {} : { account_id }),
        ...(action === undefined ? {} : { action }),
        ...(actor_name === undefined ? {} : { actor_name }),
        ...(before === undefined ? {} : { id: LessThan(before) }),
        ...(since === undefined ? {} : { at: MoreThanOrEqual(since) }),
      },
      order: { id: 'DESC' },
      take: limit,
    });
  }

  /** Removes entries older than an instant; answers how many. */
  async removeOlderThan(before: number): Promise<number> {
    let removed = 0;
    for (;;) {
      const count = await this.database.write(async (tx) => {
        const where = { at: LessThan(before) };
        const old = await tx.find(AuditEntryEntity, { where, select: { id: true }, take: BATCH_SIZE });
        if (old.length > 0)
          await tx.delete(
            AuditEntryEntity,
            old.map(({ id }) => id),
          );
        return old.length;
      });
      removed += count;
      if (count < BATCH_SIZE) return removed;
    }
  }
}
