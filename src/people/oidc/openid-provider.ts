import { Injectable, Logger } from '@nestjs/common';
import {
  allowInsecureRequests,
  AuthorizationResponseError,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientError,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  ResponseBodyError,
  type Configuration,
} from 'openid-client';
import { Settings } from '../../config/settings';
import { ApiError } from '../../http/api-error';
import { valuesOf } from './granted-roles';

/** Where the provider sends people back to, below PUBLIC_URL. */
export const CALLBACK_PATH = '/auth/oidc/callback';

/** For one call to the provider: several fit into the time of a request. */
const TIMEOUT_S = 4;

const RETRY_AFTER_S = 5;

export const NOT_CONFIGURED = 'There is no OpenID provider: log in by password.';
export const AWAY = 'The OpenID provider does not answer. Try again, or log in by password.';
export const REFUSED = 'The OpenID provider did not confirm who you are. Begin again.';

/** Codes of openid-client for a provider that is in no state to answer. What has another code is wrong, and refused. */
const AWAY_CODES = [
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_PARSE_ERROR',
];

/** What has to come back as it went: against forged, replayed and intercepted answers. */
export interface Challenge {
  readonly state: string;
  readonly nonce: string;
  /** PKCE, RFC 7636. */
  readonly code_verifier: string;
}

/** Who somebody is at the provider. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
  /** Null where the provider does not vouch for one. */
  readonly verified_email: string | null;
  /** Values of the claim `OIDC_ROLE_CLAIM`. */
  readonly role_values: readonly string[];
}

/** The OpenID provider that the settings name, spoken with in the code flow with PKCE, state and nonce. */
@Injectable()
export class OpenIdProvider {
  private readonly logger = new Logger('People');
  private discovered: Promise<Configuration> | null = null;

  constructor(private readonly settings: Settings) {}

  /**
   * Where to send a browser so that its person logs in there.
   *
   * @throws ApiError 404 where there is no provider, 503 where it is away
   */
  async begin(): Promise<{ readonly url: URL; readonly challenge: Challenge }> {
    const configuration = await this.configuration();
    const challenge = { state: randomState(), nonce: randomNonce(), code_verifier: randomPKCECodeVerifier() };
    const url = buildAuthorizationUrl(configuration, {
      redirect_uri: this.callback().href,
      scope: this.settings.OIDC_SCOPE,
      state: challenge.state,
      nonce: challenge.nonce,
      code_challenge: await calculatePKCECodeChallenge(challenge.code_verifier),
      code_challenge_method: 'S256',
    });
    return { url, challenge };
  }

  /**
   * Who it is that came back.
   *
   * @param query of the request that they came back with, from its question mark on
   * @throws ApiError 401 where the answer is none to the challenge, or was used before; else as `begin`
   */
  async finish(query: string, challenge: Challenge): Promise<Identity> {
    const configuration = await this.configuration();
    const url = this.callback();
    url.search = query;
    try {
      const tokens = await authorizationCodeGrant(configuration, url, {
        expectedState: challenge.state,
        expectedNonce: challenge.nonce,
        pkceCodeVerifier: challenge.code_verifier,
      });
      const claims = tokens.claims();
      if (claims === undefined) throw new Error('no ID token, which the nonce asks for');
      const { iss: issuer, sub: subject } = claims;
      const { OIDC_ROLE_CLAIM } = this.settings;
      const wanted = ['email', ...(OIDC_ROLE_CLAIM === undefined ? [] : [OIDC_ROLE_CLAIM])];
      const hasAll = wanted.every((name) => claims[name] !== undefined);
      // Who is in no group often has no such claim, and not every provider can be asked for more.
      const canAsk = configuration.serverMetadata().userinfo_endpoint !== undefined;
      const more =
        hasAll || !canAsk ? claims : await fetchUserInfo(configuration, tokens.access_token, subject);
      const { email, email_verified } = claims['email'] === undefined ? more : claims;
      const verified_email = email_verified === true && typeof email === 'string' ? email : null;
      const role =
        OIDC_ROLE_CLAIM === undefined ? undefined : (claims[OIDC_ROLE_CLAIM] ?? more[OIDC_ROLE_CLAIM]);
      return { issuer, subject, verified_email, role_values: valuesOf(role) };
    } catch (error) {
      throw this.refusalOf(error);
    }
  }

  private callback(): URL {
    return new URL(CALLBACK_PATH, this.settings.PUBLIC_URL);
  }

  /** Asked for until it is there, and then kept. */
  private async configuration(): Promise<Configuration> {
    const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET } = this.settings;
    if (OIDC_ISSUER === undefined || OIDC_CLIENT_ID === undefined) {
      throw new ApiError(404, 'oidc_not_configured', NOT_CONFIGURED);
    }
    const isInsecure = OIDC_ISSUER.startsWith('http:');
    this.discovered ??= discovery(new URL(OIDC_ISSUER), OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, undefined, {
      timeout: TIMEOUT_S,
      // Settings allow plain http for a provider on this machine alone.
      execute: [enableNonRepudiationChecks, ...(isInsecure ? [allowInsecureRequests] : [])],
    });
    try {
      return await this.discovered;
    } catch (error) {
      this.discovered = null;
      throw this.away(error);
    }
  }

  private refusalOf(error: unknown): ApiError {
    const isRefusal =
      error instanceof AuthorizationResponseError ||
      (error instanceof ResponseBodyError && error.status < 500) ||
      (error instanceof ClientError && error.code !== undefined && !AWAY_CODES.includes(error.code));
    if (!isRefusal) return this.away(error);
    this.logger.warn({ err: error }, 'a login by the OpenID provider is refused');
    return new ApiError(401, 'oidc_refused', REFUSED, { cause: error });
  }

  private away(error: unknown): ApiError {
    this.logger.warn({ err: error }, 'the OpenID provider is away');
    return new ApiError(503, 'oidc_unavailable', AWAY, { cause: error, retryAfterS: RETRY_AFTER_S });
  }
}
