import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Author } from '../../accounts/actor';
import { Audit } from '../../accounts/audit/audit';
import { Database } from '../../database/database';
import { Statement } from '../../database/statement';
import { MAX_OWN_OBJECTIVES_OF_ALL } from '../model/own-objectives';
import { auditedChanges } from '../model/objective-changes';
import type { Objective } from '../model/objective';
import { AccountObjectivesEntity } from './account-objectives.entity';

/** What an account has set for itself. */
export interface OwnObjectives {
  readonly account_id: string;
  /** 0 where the account never had any. */
  readonly version: number;
  readonly objectives: readonly Objective[];
}

/** All accounts together have as many as there may be. */
export class TooManyObjectivesError extends Error {
  constructor() {
    super(`all accounts together may have ${MAX_OWN_OBJECTIVES_OF_ALL} objectives of their own`);
    this.name = 'TooManyObjectivesError';
  }
}

/** Holds the row until the transaction ends, so that changes take turns; makes it where there is none. */
const LOCK = new Statement<{ version: number; objectives: string }>(
  () => `
  INSERT INTO account_objectives (account_id, version, size, objectives, updated_at) VALUES (?, 0, 0, '[]', ?)
  ON CONFLICT (account_id) DO UPDATE SET updated_at = excluded.updated_at
  RETURNING version, objectives`,
);

const STORE = new Statement(
  () => 'UPDATE account_objectives SET version = version + 1, size = ?, objectives = ? WHERE account_id = ?',
);

/** Parameters: now, account. */
const CLEAR = new Statement(
  () => `
  UPDATE account_objectives SET version = version + 1, size = 0, objectives = '[]', updated_at = ?
  WHERE account_id = ? AND size > 0`,
);

const SIZE_OF_OTHERS = new Statement<{ size: number | string }>(
  () => 'SELECT coalesce(sum(size), 0) AS size FROM account_objectives WHERE account_id <> ?',
);

/** Those of accounts that were deleted count no more. */
const IN_FORCE = `FROM account_objectives o WHERE o.size > 0 AND NOT EXISTS (
  SELECT 1 FROM accounts a WHERE a.id = o.account_id AND a.deleted_at IS NOT NULL)`;

const STAMP = new Statement<{ versions: number | string; accounts: number | string }>(
  () => `
  SELECT coalesce(sum(version), 0) AS versions, (SELECT count(*) ${IN_FORCE}) AS accounts FROM account_objectives`,
);

/** Each row has one objective or more. Parameter: how many rows. */
const ALL = new Statement<{ account_id: string; objectives: string }>(
  () => `SELECT o.account_id, o.objectives ${IN_FORCE} ORDER BY o.account_id LIMIT ?`,
);

/** The table of accounts' own objectives. */
@Injectable()
export class AccountObjectivesRepository {
  constructor(
    private readonly database: Database,
    private readonly audit: Audit,
  ) {}

  async find(account_id: string): Promise<OwnObjectives> {
    const row = await this.database.read.findOneBy(AccountObjectivesEntity, { account_id });
    return row ?? { account_id, version: 0, objectives: [] };
  }

  /** Another one after every change of what `all` gives. */
  async stamp(): Promise<string> {
    const [row] = await STAMP.run(this.database.read, []);
    return `${row!.versions} ${row!.accounts}`;
  }

  /** Those of all accounts. */
  async all(): Promise<Objective[]> {
    const rows = await ALL.run(this.database.read, [MAX_OWN_OBJECTIVES_OF_ALL]);
    return rows.flatMap(({ objectives }) => JSON.parse(objectives) as Objective[]);
  }

  /** Leaves accounts without objectives of their own. Their rows stay, so that no version comes twice. */
  async clear(tx: EntityManager, accountIds: readonly string[], now: number): Promise<void> {
    for (const id of accountIds) await CLEAR.run(tx, [now, id]);
  }

  /**
   * Replaces an account's objectives; changes take turns.
   *
   * @param next makes the new ones of the old ones
   * @throws TooManyObjectivesError, and what `next` throws: then nothing was changed
   */
  async change(
    author: Author,
    account_id: string,
    next: (known: OwnObjectives) => readonly Objective[],
  ): Promise<OwnObjectives> {
    return this.database.write(async (tx, now) => {
      const [row] = await LOCK.run(tx, [account_id, now]);
      const { version } = row!;
      const before = JSON.parse(row!.objectives) as Objective[];
      const objectives = next({ account_id, version, objectives: before });
      const changes = auditedChanges(account_id, before, objectives);
      if (changes.length === 0) return { account_id, version, objectives: before };
      const [others] = await SIZE_OF_OTHERS.run(tx, [account_id]);
      if (objectives.length > 0 && Number(others!.size) + objectives.length > MAX_OWN_OBJECTIVES_OF_ALL) {
        throw new TooManyObjectivesError();
      }
      await STORE.run(tx, [objectives.length, JSON.stringify(objectives), account_id]);
      for (const change of changes) await this.audit.note(tx, now, author, change);
      return { account_id, version: version + 1, objectives };
    });
  }
}
