import { Injectable } from '@nestjs/common';
import { errors, jwtVerify, SignJWT } from 'jose';
import { AuthSecret } from './auth-secret';

/** So long an access token holds. */
export const ACCESS_TOKEN_S = 600;

/** Pinned: whatever a token's own header says, it is checked with this one alone. */
const ALGORITHM = 'HS256';

/** RFC 9068, section 2.1: keeps tokens of other kinds from passing for access tokens. */
const TYPE = 'at+jwt';

const ISSUER = 'signalbox';
const AUDIENCE = 'signalbox:api';

/** What looks like a JSON Web Token in its compact form (RFC 7519, section 3). */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** What an access token says. What its person may do it does not: that is looked up. */
export interface AccessClaims {
  readonly person_id: string;
  readonly session_id: string;
  /** The account that it is for. */
  readonly account_id: string;
}

/** Makes and checks people's access tokens: short-lived JSON Web Tokens. */
@Injectable()
export class AccessTokens {
  private readonly key: Uint8Array;

  constructor(secret: AuthSecret) {
    this.key = secret.keyFor('access tokens');
  }

  sign({ person_id, session_id, account_id }: AccessClaims): Promise<string> {
    return new SignJWT({ sid: session_id, account_id })
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(person_id)
      .setIssuedAt()
      .setExpirationTime(`${ACCESS_TOKEN_S} s`)
      .sign(this.key);
  }

  /** What a token of ours says; null for whatever is none, or has expired. */
  async verify(token: string): Promise<AccessClaims | null> {
    if (!JWT.test(token)) return null;
    try {
      const { payload } = await jwtVerify<{ sid: string; account_id: string }>(token, this.key, {
        algorithms: [ALGORITHM],
        typ: TYPE,
        issuer: ISSUER,
        audience: AUDIENCE,
        requiredClaims: ['sub', 'sid', 'account_id', 'iat', 'exp'],
      });
      return { person_id: String(payload.sub), session_id: payload.sid, account_id: payload.account_id };
    } catch (error) {
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  }
}
