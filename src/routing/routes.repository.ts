import { Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import type { Author } from '../accounts/actor';
import { Audit } from '../accounts/audit/audit';
import { Database } from '../database/database';
import { Statement } from '../database/statement';
import { DestinationsRepository } from '../destinations/destinations.repository';
import { OutboxRepository } from '../outbox/outbox.repository';
import { WakeSignal } from '../outbox/wake-signal';
import { AccountRoutesEntity } from './account-routes.entity';
import { DestinationNames } from './destination-names';
import type { Route } from './route';
import { auditedChanges } from './route-changes';

/** An account's routes as they are. */
export interface AccountRoutes {
  readonly account_id: string;
  /** 0 where the account never had any. */
  readonly version: number;
  readonly routes: readonly Route[];
}

/** What a change of routes is decided by. */
export interface KnownRoutes extends AccountRoutes {
  readonly names: DestinationNames;
  /** The transaction's. */
  readonly now: number;
}

/** An account's routes after a change. */
export interface ChangedRoutes extends KnownRoutes {
  /** Whether they are others than before. */
  readonly isChanged: boolean;
}

/** Holds the row until the transaction ends, so that changes take turns; makes it where there is none. */
const LOCK = new Statement<{ version: number; routes: string }>(
  () => `
  INSERT INTO account_routes (account_id, version, routes, updated_at) VALUES (?, 0, '[]', 0)
  ON CONFLICT (account_id) DO UPDATE SET version = account_routes.version
  RETURNING version, routes`,
);

const STORE = new Statement(
  () => 'UPDATE account_routes SET version = version + 1, routes = ?, updated_at = ? WHERE account_id = ?',
);

const CLEAR = new Statement(
  () =>
    `UPDATE account_routes SET version = version + 1, routes = '[]', updated_at = ? WHERE account_id = ? AND routes <> '[]'`,
);

/** Parameter: rows of one account. */
const versionsStatement = (lock: string): Statement<{ account_id: string; version: number }> =>
  new Statement(
    ({ name, rows, lookUp }) => `
  SELECT r.account_id, r.version FROM ${rows('j')}
    ${lookUp('account_routes', 'r', 'r.account_id = j.value ->> 0')} ${name === 'postgres' ? lock : ''}`,
  );

const VERSIONS = versionsStatement('');

const KEEP_VERSIONS = versionsStatement('FOR SHARE OF r');

/** Parameters: rows of one account, twice. */
const LAST_CHANGES = new Statement<{ account_id: string; changed_at: number }>(
  ({ rows, lookUp }) => `
  SELECT account_id, max(changed_at) AS changed_at FROM (
    SELECT r.account_id, r.updated_at AS changed_at FROM ${rows('j')}
      ${lookUp('account_routes', 'r', 'r.account_id = j.value ->> 0')}
    UNION ALL
    SELECT d.account_id, coalesce(d.deleted_at, d.updated_at) FROM ${rows('k')}
      ${lookUp('destinations', 'd', 'd.account_id = k.value ->> 0')}
  ) changes GROUP BY account_id`,
);

/** The table of accounts' routes. */
@Injectable()
export class RoutesRepository {
  constructor(
    private readonly database: Database,
    private readonly destinations: DestinationsRepository,
    private readonly outbox: OutboxRepository,
    private readonly audit: Audit,
    private readonly wake: WakeSignal,
  ) {}

  async find(account_id: string): Promise<AccountRoutes> {
    const row = await this.database.read.findOneBy(AccountRoutesEntity, { account_id });
    return row ?? { account_id, version: 0, routes: [] };
  }

  /** What an account calls its destinations. */
  async namesOf(account_id: string): Promise<DestinationNames> {
    return new DestinationNames(await this.destinations.namesOf(this.database.read, account_id));
  }

  /**
   * The versions of the accounts that have, or had, routes, as seen by `tx`.
   *
   * @param isKept whether they stay so until `tx` ends
   */
  async versionsOf(
    tx: EntityManager,
    accountIds: readonly string[],
    { isKept }: { readonly isKept: boolean },
  ): Promise<ReadonlyMap<string, number>> {
    const statement = isKept ? KEEP_VERSIONS : VERSIONS;
    const rows = await statement.run(tx, [JSON.stringify(accountIds.map((id) => [id]))]);
    return new Map(rows.map(({ account_id, version }) => [account_id, version]));
  }

  /** When routes or destinations of the accounts last changed, of those that have or had any. */
  async lastChangesOf(
    tx: EntityManager,
    accountIds: readonly string[],
  ): Promise<ReadonlyMap<string, number>> {
    const ids = JSON.stringify(accountIds.map((id) => [id]));
    const rows = await LAST_CHANGES.run(tx, [ids, ids]);
    return new Map(rows.map(({ account_id, changed_at }) => [account_id, Number(changed_at)]));
  }

  /** The routes of some accounts, as seen by `tx`. */
  async load(tx: EntityManager, accountIds: readonly string[]): Promise<readonly AccountRoutes[]> {
    if (accountIds.length === 0) return [];
    return tx.findBy(AccountRoutesEntity, { account_id: In([...accountIds]) });
  }

  /** Leaves accounts without routes. Their rows stay, so that no version comes twice. */
  async clear(tx: EntityManager, accountIds: readonly string[], now: number): Promise<void> {
    for (const id of accountIds) {
      await CLEAR.run(tx, [now, id]);
      await this.outbox.reconsiderHeld(tx, id, now);
    }
  }

  /**
   * Changes an account's routes; changes take turns. Whatever is held is looked at again, so that the end of a mute, or
   * another destination, counts for it too.
   *
   * @param next makes the new routes of the old ones, which it does not touch
   * @throws what `next` throws: then nothing was changed
   */
  async change(
    author: Author,
    account_id: string,
    next: (known: KnownRoutes) => readonly Route[],
  ): Promise<ChangedRoutes> {
    const changed = await this.database.write(async (tx, now): Promise<ChangedRoutes> => {
      const [row] = (await LOCK.run(tx, [account_id])) as [{ version: number; routes: string }];
      // Whatever a route names cannot be deleted before this is committed, and is then refused.
      const names = new DestinationNames(await this.destinations.keepNamesOf(tx, account_id));
      const known = {
        account_id,
        version: row.version,
        routes: JSON.parse(row.routes) as Route[],
        names,
        now,
      };
      const routes = next(known);
      const changes = auditedChanges(known, routes);
      if (changes.length === 0) return { ...known, isChanged: false };
      await STORE.run(tx, [JSON.stringify(routes), now, account_id]);
      await this.outbox.reconsiderHeld(tx, account_id, now);
      for (const change of changes) await this.audit.note(tx, now, author, change);
      return { ...known, version: row.version + 1, routes, isChanged: true };
    });
    if (changed.isChanged) this.wake.raise();
    return changed;
  }
}
