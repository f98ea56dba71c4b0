import { Injectable } from '@nestjs/common';
import { AccessTokens } from './access-tokens';
import type { Credential } from './credential';
import { KnownSessions } from './known-sessions';
import { grantsOf } from './role';

/** Knows what the access tokens of people are worth. */
@Injectable()
export class PersonCredentials {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly sessions: KnownSessions,
  ) {}

  /**
   * What a token is worth now: as long as its session lasts, and what the person is in its account by now. Null where
   * it is no access token, or worth nothing any more.
   *
   * @throws StorageUnavailableError where that is not known and the database is away
   */
  async find(token: string, now: number): Promise<Credential | null> {
    const claims = await this.tokens.verify(token);
    if (claims === null) return null;
    const session = await this.sessions.find(claims.session_id, now);
    if (session === null || session.person.id !== claims.person_id) return null;
    const { id, email, isOperator } = session.person;
    const { session_id, account_id } = claims;
    const role = session.roles.get(account_id);
    if (role === undefined) return null;
    const by = { kind: 'person', id, email, session_id } as const;
    if (isOperator) return { kind: 'operator', by };
    return { kind: 'account', by, account_id, grants: grantsOf(role) };
  }
}
