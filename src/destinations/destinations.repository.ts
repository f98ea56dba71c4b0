import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { IsNull, MoreThan, type EntityManager } from 'typeorm';
import type { Author } from '../accounts/actor';
import { Audit } from '../accounts/audit/audit';
import { Database } from '../database/database';
import { Statement } from '../database/statement';
import type { Origin } from '../definition-files/origin';
import { fingerprintOf, KeptSecrets } from '../outbox/kept-secrets';
import { auditedFields, replacedSecrets } from './destination-audit';
import { DestinationEntity } from './destination.entity';
import { DestinationUses } from './destination-uses';
import type { DestinationType } from './kind';
import { Kinds } from './kinds';
import type { Place } from './place';

/** A destination with its settings, as JSON text; null where no key opens them. */
export interface StoredDestination {
  readonly row: DestinationEntity;
  readonly settings: string | null;
}

/** What an account calls one of its destinations. */
export interface NamedDestination {
  /** The outbox's name of it. */
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
}

/** A destination to add. */
export interface NewDestination extends Place {
  readonly account_id: string;
  readonly name: string;
  readonly type: DestinationType;
  readonly enabled: boolean;
  readonly origin: Origin;
}

/** What is changed of a destination; what is left out stays as it is. */
export interface DestinationChange {
  readonly enabled?: boolean | undefined;
  /** Makes the new settings of the old ones. */
  readonly next?: (stored: StoredDestination) => Place;
  readonly origin?: Origin;
}

/** Every event that pages goes to all of them. */
export const MAX_PER_ACCOUNT = 50;

/** Why a destination cannot be added. */
export type AddRefusal = 'destination_exists' | 'too_many_destinations';

const INSERT = new Statement<{ id: string }>(
  () => `
  INSERT INTO destinations (id, account_id, name, type, credential, enabled, origin, created_at, updated_at)
  VALUES (?, ?, ?, ?, ?, CAST(? AS boolean), ?, ?, ?)
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

/** Parameter: account. */
const namesStatement = (lock: string): Statement<NamedDestination> =>
  new Statement(
    ({ name }) => `
  SELECT id, name, enabled FROM destinations WHERE account_id = ? AND deleted_at IS NULL ORDER BY id
  ${name === 'postgres' ? lock : ''}`,
  );

const NAMES = namesStatement('');

const KEEP_NAMES = namesStatement('FOR SHARE');

/** The table of accounts' destinations. */
@Injectable()
export class DestinationsRepository {
  constructor(
    private readonly database: Database,
    private readonly secrets: KeptSecrets,
    private readonly kinds: Kinds,
    private readonly audit: Audit,
    private readonly uses: DestinationUses,
  ) {}

  /**
   * Adds a destination, or says why not: where there is one of the name, or the account has `limit` of them.
   *
   * @throws EncryptionKeyMissingError
   */
  add(
    author: Author,
    destination: NewDestination,
    limit = Infinity,
  ): Promise<StoredDestination | AddRefusal> {
    const { account_id, name, type, enabled, origin, settings, place } = destination;
    const id = `${type}-${randomBytes(6).toString('hex')}`;
    const credential = fingerprintOf(id, place);
    return this.database.write(async (tx, now) => {
      const count = await tx.countBy(DestinationEntity, { account_id, deleted_at: IsNull() });
      if (count >= limit) return 'too_many_destinations';
      const row = [id, account_id, name, type, credential, Number(enabled), origin, now, now];
      const added = await INSERT.run(tx, row);
      if (added.length === 0) return 'destination_exists';
      await this.secrets.keep(tx, { fingerprint: credential, destination: id, secret: settings }, now);
      const stored = { row: await tx.findOneByOrFail(DestinationEntity, { id }), settings };
      const after = auditedFields(stored, this.kinds.of(type));
      await this.audit.note(tx, now, author, { account_id, action: 'destination.added', subject: id, after });
      return stored;
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
    return this.withSettings(rows);
  }

  /** All destinations that come from the file of destinations. */
  async ofFile(): Promise<StoredDestination[]> {
    return this.withSettings(
      await this.database.read.findBy(DestinationEntity, { origin: 'file', deleted_at: IsNull() }),
    );
  }

  /** The destination of an account that has a name. */
  findByName(account_id: string, name: string): Promise<DestinationEntity | null> {
    return this.database.read.findOneBy(DestinationEntity, { account_id, name, deleted_at: IsNull() });
  }

  /**
   * Changes a destination; null where there is none that is not deleted.
   *
   * @throws EncryptionKeyMissingError, and what `change.next` throws
   */
  change(
    author: Author,
    id: string,
    { enabled, next, origin }: DestinationChange,
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
      if (origin !== undefined) await tx.update(DestinationEntity, { id }, { origin });
      const changed = await this.findIn(tx, id);
      if (changed !== null) await this.noteChange(tx, now, author, stored, changed);
      return changed;
    });
  }

  /**
   * Marks a destination as deleted; null where there is none that is not.
   *
   * @throws DestinationInUseError
   */
  async markDeleted(author: Author, id: string): Promise<DestinationEntity | null> {
    return this.database.write(async (tx, now) => {
      const stored = await this.findIn(tx, id);
      const { affected } = await tx.update(
        DestinationEntity,
        { id, deleted_at: IsNull() },
        { deleted_at: now },
      );
      // Null where somebody else has deleted it in between.
      if (stored === null || affected === 0) return null;
      const { row } = stored;
      const { account_id } = row;
      await this.uses.assertUnused(tx, row);
      const before = auditedFields(stored, this.kinds.of(row.type));
      await this.audit.note(tx, now, author, {
        account_id,
        action: 'destination.deleted',
        subject: id,
        before,
      });
      return row;
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

  private noteChange(
    tx: EntityManager,
    now: number,
    author: Author,
    before: StoredDestination,
    after: StoredDestination,
  ): Promise<void> {
    const { id, account_id, type } = after.row;
    const kind = this.kinds.of(type);
    return this.audit.note(tx, now, author, {
      account_id,
      action: 'destination.changed',
      subject: id,
      before: auditedFields(before, kind),
      after: { ...auditedFields(after, kind), ...replacedSecrets(before, after, kind) },
    });
  }

  private async withSettings(rows: readonly DestinationEntity[]): Promise<StoredDestination[]> {
    const secrets = await this.secrets.find(
      this.database.read,
      rows.map(({ credential }) => credential),
    );
    return rows.map((row) => ({ row, settings: secrets.get(row.credential) ?? null }));
  }

  /** All of an account that are not deleted. */
  async namesOf(manager: EntityManager, accountId: string): Promise<NamedDestination[]> {
    return asNamed(await NAMES.run(manager, [accountId]));
  }

  /** The same, and none of them is deleted before `tx` ends. */
  async keepNamesOf(tx: EntityManager, accountId: string): Promise<NamedDestination[]> {
    return asNamed(await KEEP_NAMES.run(tx, [accountId]));
  }

  private async findIn(manager: EntityManager, id: string): Promise<StoredDestination | null> {
    const row = await manager.findOneBy(DestinationEntity, { id, deleted_at: IsNull() });
    if (row === null) return null;
    const secrets = await this.secrets.find(manager, [row.credential]);
    return { row, settings: secrets.get(row.credential) ?? null };
  }
}

/** SQLite has no booleans. */
function asNamed(rows: readonly NamedDestination[]): NamedDestination[] {
  return rows.map((row) => ({ ...row, enabled: Boolean(row.enabled) }));
}
