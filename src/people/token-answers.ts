import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ACCESS_TOKEN_S, AccessTokens } from '../accounts/access-tokens';
import type { PersonEntity } from '../accounts/person.entity';
import { Settings } from '../config/settings';
import type { LoginView, PersonView } from './auth-views';
import type { LoggedIn } from './log-in';
import { keepRefreshCookie } from './refresh-cookie';
import type { OpenSession } from './sessions';

/** Hands out tokens. */
@Injectable()
export class TokenAnswers {
  constructor(
    private readonly settings: Settings,
    private readonly tokens: AccessTokens,
  ) {}

  /** The answer to somebody who has logged in, or stays so. */
  async view(
    { person, session, place }: LoggedIn,
    { isInCookie }: { readonly isInCookie: boolean },
  ): Promise<LoginView> {
    const { account_id, role } = place;
    return {
      access_token: await this.tokens.sign({ person_id: person.id, session_id: session.id, account_id }),
      token_type: 'Bearer',
      expires_in: ACCESS_TOKEN_S,
      refresh_token: isInCookie ? null : session.refresh_token,
      person: personView(person),
      account_id,
      role,
    };
  }

  /** Lets the browser keep the refresh token. */
  keepInCookie({ refresh_token }: OpenSession, request: FastifyRequest, reply: FastifyReply): void {
    const isSecure = request.protocol === 'https' || this.settings.PUBLIC_URL?.startsWith('https:') === true;
    keepRefreshCookie(reply, refresh_token, isSecure);
  }
}

/** Makes the API's form of a person. */
export function personView({ id, email, operator_since }: PersonEntity): PersonView {
  return { id, email, operator: operator_since !== null };
}
