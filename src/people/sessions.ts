import { createHmac } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { In, IsNull, LessThan, MoreThan, Not, type EntityManager, type FindOptionsWhere } from 'typeorm';
import type { Origin } from '../accounts/actor';
import { AuthSecret } from '../accounts/auth-secret';
import { KnownSessions } from '../accounts/known-sessions';
import { PersonEntity } from '../accounts/person.entity';
import { SessionEntity } from '../accounts/session.entity';
import { Database } from '../database/database';
import { UuidV7Sequence } from '../normalization/uuid-v7';
import { PersonAudit } from './person-audit';
import { decideRefresh } from './refresh-decision';
import { RefreshTokenEntity } from './refresh-token.entity';
import { keptOf, makeToken } from './secret-token';

const DAY_MS = 86_400_000;

/** A session that nobody uses for so long is over. */
export const IDLE_MS = 7 * DAY_MS;

/** However much it is used, a session is over after so long: its person logs in again. */
export const SESSION_MS = 30 * DAY_MS;

/** So many sessions go in one transaction, so that nobody waits long behind it. */
const BATCH_SIZE = 100;

/** A session, and the token that it goes on with. */
export interface OpenSession {
  readonly id: string;
  readonly person_id: string;
  readonly refresh_token: string;
}

type Held = Omit<OpenSession, 'refresh_token'>;

/** What of its person's sessions a token ends. */
export type Which = 'this_session' | 'all_sessions';

/**
 * People's sessions. Each is one family of refresh tokens, of which only the newest opens anything: a token is
 * exchanged for its successor once, and for the same one within a short grace. One that is shown later is in two
 * hands, and nobody knows in which, so the whole session ends.
 *
 * The successor is made from the token itself with a key, so that it can be given out again without being kept.
 */
@Injectable()
export class Sessions {
  private readonly logger = new Logger('People');
  private readonly ids = new UuidV7Sequence();
  private readonly key: Uint8Array;

  constructor(
    secret: AuthSecret,
    private readonly database: Database,
    private readonly known: KnownSessions,
    private readonly audit: PersonAudit,
  ) {
    this.key = secret.keyFor('refresh tokens');
  }

  /** Begins a session, in the transaction of whatever has shown that it is this person. */
  async begin(tx: EntityManager, now: number, person: PersonEntity, origin: Origin): Promise<OpenSession> {
    const { id: person_id, email } = person;
    const id = this.ids.next(now);
    const refresh_token = makeToken('sbr');
    const session = { id, person_id, created_at: now, last_used_at: now, expires_at: now + SESSION_MS };
    await tx.insert(SessionEntity, session);
    await this.keep(tx, now, id, refresh_token);
    const author = { ...origin, by: { kind: 'person', id: person_id, email, session_id: id } } as const;
    await this.audit.note(tx, now, author, person_id, { action: 'session.begun', subject: id });
    return { id, person_id, refresh_token };
  }

  /** Exchanges a refresh token; null where it is none, or its session is over. */
  async refresh(token: string, origin: Origin): Promise<OpenSession | null> {
    const hash = keptOf(token);
    const result = await this.database.write(async (tx, now) => {
      const session = await this.hold(tx, hash, now);
      if (session === null) return null;
      const decision = decideRefresh(await tx.findOneByOrFail(RefreshTokenEntity, { hash }), now);
      if (decision === 'expired') return null;
      if (decision === 'reused') return this.endReused(tx, now, session, origin);
      const refresh_token = this.successorOf(token);
      if (decision === 'rotate') {
        await tx.update(RefreshTokenEntity, { hash }, { used_at: now });
        await this.keep(tx, now, session.id, refresh_token);
      }
      return { ...session, refresh_token };
    });
    if (result === null || 'refresh_token' in result) return result;
    this.known.forget();
    const line = { person_id: result.person_id, session_id: result.id };
    this.logger.warn(line, 'a refresh token was used twice: its session is ended');
    return null;
  }

  /** Ends the session that a refresh token is of, or all of its person's, whether it is the newest or not. */
  async endBy(token: string, which: Which, origin: Origin): Promise<void> {
    const hasEnded = await this.database.write(async (tx, now) => {
      const session = await this.hold(tx, keptOf(token), now);
      if (session === null) return false;
      const { id, person_id } = session;
      const person = await tx.findOneBy(PersonEntity, { id: person_id });
      // Retention may have removed the person before the session.
      if (person !== null) {
        const by = { kind: 'person', id: person_id, email: person.email, session_id: id } as const;
        const action = which === 'this_session' ? 'session.ended' : 'person.sessions_ended';
        await this.audit.note(tx, now, { ...origin, by }, person_id, { action, subject: id });
      }
      await end(tx, now, which === 'this_session' ? { id } : { person_id });
      return true;
    });
    // Nobody who has no session makes this process forget those that there are.
    if (hasEnded) this.known.forget();
  }

  /** Ends all sessions of a person but one, or all where none is named. Afterwards `KnownSessions` has to forget. */
  async endOthers(tx: EntityManager, now: number, person_id: string, but: string | null): Promise<void> {
    await end(tx, now, but === null ? { person_id } : { person_id, id: Not(but) });
  }

  /** Removes sessions that have been over for a day, and their tokens. */
  async removeOver(now: number): Promise<void> {
    for (;;) {
      const count = await this.database.write(async (tx) => {
        const before = LessThan(now - DAY_MS);
        const where = [
          { expires_at: before },
          { ended_at: before },
          { last_used_at: LessThan(now - DAY_MS - IDLE_MS) },
        ];
        const over = await tx.find(SessionEntity, { where, select: { id: true }, take: BATCH_SIZE });
        const ids = over.map(({ id }) => id).sort();
        await tx.delete(RefreshTokenEntity, { session_id: In(ids) });
        await tx.delete(SessionEntity, { id: In(ids) });
        return ids.length;
      });
      if (count < BATCH_SIZE) return;
    }
  }

  private async endReused(tx: EntityManager, now: number, session: Held, origin: Origin): Promise<Held> {
    const author = { ...origin, by: { kind: 'system' } } as const;
    const change = { action: 'session.ended_by_reuse', subject: session.id } as const;
    await this.audit.note(tx, now, author, session.person_id, change);
    await end(tx, now, { id: session.id });
    return session;
  }

  /** The session of a token, held by this transaction: its tokens are exchanged one after the other. */
  private async hold(tx: EntityManager, hash: string, now: number): Promise<Held | null> {
    const row = await tx.findOneBy(RefreshTokenEntity, { hash });
    if (row === null) return null;
    const open = { id: row.session_id, ended_at: IsNull(), expires_at: MoreThan(now) };
    const { affected } = await tx.update(SessionEntity, open, { last_used_at: now });
    if (affected === 0) return null;
    const { id, person_id } = await tx.findOneByOrFail(SessionEntity, { id: row.session_id });
    return { id, person_id };
  }

  private async keep(tx: EntityManager, now: number, session_id: string, token: string): Promise<void> {
    await tx.insert(RefreshTokenEntity, { hash: keptOf(token), session_id, expires_at: now + IDLE_MS });
  }

  private successorOf(token: string): string {
    return `sbr_${createHmac('sha256', this.key).update(token).digest('base64url')}`;
  }
}

async function end(tx: EntityManager, now: number, which: FindOptionsWhere<SessionEntity>): Promise<void> {
  await tx.update(SessionEntity, { ...which, ended_at: IsNull() }, { ended_at: now });
}
