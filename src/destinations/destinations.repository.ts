import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { IsNull, MoreThan, type EntityManager } from 'typeorm';
import { Database } from '../database/database';
import { Statement } from '../database/statement';
import { fingerprintOf, KeptSecrets } from '../outbox/kept-secrets';
import { DestinationEntity } from './destination.entity';
import type { DestinationType } from './kind';

/** A destination with its settings, as JSON text; null where no key opens them. */
export interface StoredDestination {
  readonly row: DestinationEntity;
  readonly settings: string | null;
}

/** Settings, as JSON text, and what names the place that they lead to. */
export interface Place {
  readonly settings: string;
  readonly place: string;
}

/** A destination to add. */
export interface NewDestination extends Place {
  readonly account_id: string;
  readonly name: string;
  readonly type: DestinationType;
  readonly enabled: boolean;
}

/** Every event that pages goes to all of them. */
export const MAX_PER_ACCOUNT = 50;

/** Why a destination cannot be added. */
export type AddRefusal = 'destination_exists' | 'too_many_destinations';

const INSERT = new Statement<{ id: string }>(
  () => `
  INSERT INTO destinations (id, account_id, name, type, credential, enabled, created_at, updated_at)
  VALUES (?, ?, ?, ?, ?, CAST(? AS boolean), ?, ?)
  ON CONFLICT (account_id, name) WHERE deleted_at IS NULL DO NOTHING RETURNING id`,
);

/** Holds the row until the transaction ends, so that changes of one destination take turns. */
const TOUCH = new Statement<DestinationEntity>(
  () => 'UPDATE destinations SET updated_at = ? WHERE id = ? AND deleted_at IS NULL RETURNING *',
);

/** Parameter: rows of one account. */
const ENABLED_OF = new Statement<{ account_id: string; id: string }>(
  ({ rows, lookUp }) => `
  SELECT d.account_id, d.id FROM ${rows('j')}
    ${lookUp('destinations', 'd', 'd.account_id = j.value ->> 0 AND d.deleted_at IS NULL AND d.enabled = TRUE')}
  ORDER BY d.id`,
);

/** The table of accounts' destinations. */
@Injectable()
export class DestinationsRepository {
  constructor(
    private readonly database: Database,
    private readonly secrets: KeptSecrets,
  ) {}

  /**
   * Adds a destination, or says why not.
   *
   * @throws EncryptionKeyMissingError
   */
  add(destination: NewDestination): Promise<StoredDestination | AddRefusal> {
    const { account_id, name, type, enabled, settings, place } = destination;
    const id = `${type}-${randomBytes(6).toString('hex')}`;
    const credential = fingerprintOf(id, place);
    return this.database.write(async (tx, now) => {
      const count = await tx.countBy(DestinationEntity, { account_id, deleted_at: IsNull() });
      if (count >= MAX_PER_ACCOUNT) return 'too_many_destinations';
      const added = await INSERT.run(tx, [id, account_id, name, type, credential, Number(enabled), now, now]);
      if (added.length === 0) return 'destination_exists';
      await this.secrets.keep(tx, { fingerprint: credential, destination: id, secret: settings }, now);
      return { row: await tx.findOneByOrFail(DestinationEntity, { id }), settings };
    });
  }

  /** A destination that is not deleted. */
  find(id: string): Promise<StoredDestination | null> {
    return this.findIn(this.database.read, id);
  }

  /** Destinations that are not deleted, of one account or of all, in the order of their ids, those after `after`. */
  async list(
    account_id: string | undefined,
    limit: number,
    after: string | undefined,
  ): Promise<StoredDestination[]> {
    const rows = await this.database.read.find(DestinationEntity, {
      where: {
        ...(account_id === undefined ? {} : { account_id }),
        ...(after === undefined ? {} : { id: MoreThan(after) }),
        deleted_at: IsNull(),
      },
      order: { id: 'ASC' },
      take: limit,
    });
    const secrets = await this.secrets.find(
      this.database.read,
      rows.map(({ credential }) => credential),
    );
    return rows.map((row) => ({ row, settings: secrets.get(row.credential) ?? null }));
  }

  /**
   * Changes a destination; null where there is none that is not deleted.
   *
   * @param next makes the new settings of the old ones
   * @throws EncryptionKeyMissingError, and what `next` throws
   */
  change(
    id: string,
    {
      enabled,
      next,
    }: { readonly enabled?: boolean | undefined; readonly next?: (stored: StoredDestination) => Place },
  ): Promise<StoredDestination | null> {
    return this.database.write(async (tx, now) => {
      if ((await TOUCH.run(tx, [now, id])).length === 0) return null;
      const stored = await this.findIn(tx, id);
      if (stored === null) return null;
      if (next !== undefined) {
        const { settings, place } = next(stored);
        const credential = fingerprintOf(id, place);
        await this.secrets.keep(tx, { fingerprint: credential, destination: id, secret: settings }, now);
        await tx.update(DestinationEntity, { id }, { credential });
      }
      if (enabled !== undefined) await tx.update(DestinationEntity, { id }, { enabled });
      return this.findIn(tx, id);
    });
  }

  /** Marks a destination as deleted; null where there is none that is not. */
  async markDeleted(id: string): Promise<DestinationEntity | null> {
    return this.database.write(async (tx, now) => {
      const { affected } = await tx.update(
        DestinationEntity,
        { id, deleted_at: IsNull() },
        { deleted_at: now },
      );
      return affected === 0 ? null : tx.findOneByOrFail(DestinationEntity, { id });
    });
  }

  /** The type of a destination, deleted or not. */
  async typeOf(id: string): Promise<DestinationType | null> {
    return (await this.database.read.findOneBy(DestinationEntity, { id }))?.type ?? null;
  }

  /** What new triggers go through, as seen by `tx`: nothing where the destination is switched off or deleted. */
  async currentCredential(tx: EntityManager, id: string): Promise<string | null> {
    const row = await tx.findOneBy(DestinationEntity, { id, enabled: true, deleted_at: IsNull() });
    return row?.credential ?? null;
  }

  /** The destinations that are switched on, by account, as seen by `tx`. */
  async enabledOf(
    tx: EntityManager,
    accountIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const rows = await ENABLED_OF.run(tx, [JSON.stringify(accountIds.map((id) => [id]))]);
    const byAccount = Map.groupBy(rows, ({ account_id }) => account_id);
    return new Map([...byAccount].map(([account_id, found]) => [account_id, found.map(({ id }) => id)]));
  }

  private async findIn(manager: EntityManager, id: string): Promise<StoredDestination | null> {
    const row = await manager.findOneBy(DestinationEntity, { id, deleted_at: IsNull() });
    if (row === null) return null;
    const secrets = await this.secrets.find(manager, [row.credential]);
    return { row, settings: secrets.get(row.credential) ?? null };
  }
}
