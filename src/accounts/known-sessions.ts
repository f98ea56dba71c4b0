import { Injectable } from '@nestjs/common';
import { Database } from '../database/database';
import { Statement } from '../database/statement';
import { Remembered } from './remembered';
import type { AccountRole } from '../config/account-role';

/** What is known of a session that has not ended. */
export interface KnownSession {
  readonly person: { readonly id: string; readonly email: string; readonly isOperator: boolean };
  /** What the person is in which account. */
  readonly roles: ReadonlyMap<string, AccountRole>;
  readonly expires_at: number;
}

interface Row {
  readonly id: string;
  readonly email: string;
  readonly operator_since: number | null;
  readonly expires_at: number;
  /** Null where the person belongs to no account. */
  readonly account_id: string | null;
  readonly role: AccountRole;
}

const FIND = new Statement<Row>(
  () => `
  SELECT p.id, p.email, p.operator_since, s.expires_at, a.id AS account_id, m.role FROM sessions s
  JOIN people p ON p.id = s.person_id
  LEFT JOIN memberships m ON m.person_id = p.id
  LEFT JOIN accounts a ON a.id = m.account_id AND a.deleted_at IS NULL
  WHERE s.id = ? AND s.ended_at IS NULL`,
);

/** So long it is taken for granted that a session has ended. */
const ABSENT_FOR_MS = 5_000;

/**
 * People's sessions, remembered as keys are: they go on while the database is away, and what other processes change
 * holds here within twenty seconds.
 */
@Injectable()
export class KnownSessions {
  private readonly sessions: Remembered<KnownSession>;

  constructor(database: Database) {
    this.sessions = new Remembered({
      name: 'a session',
      load: async (id) => known(await FIND.run(database.read, [id])),
      absentForMs: ABSENT_FOR_MS,
    });
  }

  /**
   * A session; null where it has ended or expired, or there never was one.
   *
   * @throws StorageUnavailableError where that is not known and the database is away
   */
  async find(id: string, now: number): Promise<KnownSession | null> {
    const session = await this.sessions.get(id);
    return session === null || session.expires_at <= now ? null : session;
  }

  /** To be called after any change of people, of what they are in accounts, or of sessions: it holds here at once. */
  forget(): void {
    this.sessions.clear();
  }
}

function known(rows: readonly Row[]): KnownSession | null {
  const [row] = rows;
  if (row === undefined) return null;
  const { id, email, operator_since, expires_at } = row;
  const roles = rows.flatMap(({ account_id, role }) =>
    account_id === null ? [] : [[account_id, role] as const],
  );
  return { person: { id, email, isOperator: operator_since !== null }, roles: new Map(roles), expires_at };
}
