import { Controller, Get, Header, HttpCode, Query, Req, Res } from '@nestjs/common';
import { ApiFoundResponse, ApiOkResponse, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Origin } from '../../accounts/actor';
import { From } from '../../accounts/author';
import { NeedsNothing } from '../../accounts/needs';
import { Settings } from '../../config/settings';
import { ApiError } from '../../http/api-error';
import { ApiFailure } from '../../http/api-failure';
import { LoginView } from '../auth-views';
import { cookie, readCookie } from '../cookie';
import { NO_ACCOUNT } from '../places';
import { TokenAnswers } from '../token-answers';
import { LoginTicket, TICKET_S } from './login-ticket';
import { AWAY, NOT_CONFIGURED, OpenIdProvider, REFUSED } from './openid-provider';
import { NOT_INVITED, NOT_VERIFIED, ProviderLogin } from './provider-login';

const TICKET = 'signalbox_oidc';
const NO_STORE = ['cache-control', 'no-store'] as const;

/** What the provider sends somebody back with. openid-client looks at it closer. */
export class CallbackQuery {
  @ApiPropertyOptional({ description: 'As the provider gives it' })
  @IsOptional()
  @IsString()
  code?: string;

  @ApiPropertyOptional({ description: 'As it was sent there' })
  @IsOptional()
  @IsString()
  state?: string;
}

/** Logging in by way of an OpenID provider. Both routes are for browsers. */
@ApiTags('auth')
@Controller('auth/oidc')
@NeedsNothing()
export class OidcController {
  constructor(
    private readonly settings: Settings,
    private readonly provider: OpenIdProvider,
    private readonly tickets: LoginTicket,
    private readonly providerLogin: ProviderLogin,
    private readonly answers: TokenAnswers,
  ) {}

  @Get()
  @HttpCode(302)
  @Header(...NO_STORE)
  @ApiOperation({ summary: 'Sends a browser to the OpenID provider, to log in there' })
  @ApiFoundResponse({ description: 'Leads to the provider' })
  @ApiFailure(404, { oidc_not_configured: NOT_CONFIGURED })
  @ApiFailure(503, { oidc_unavailable: AWAY })
  async begin(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await orSaidInConsole(request, reply, async () => {
      const { url, challenge } = await this.provider.begin();
      this.keepTicket(reply, await this.tickets.seal(challenge));
      void reply.header('location', url.href);
    });
  }

  @Get('callback')
  @HttpCode(200)
  @Header(...NO_STORE)
  @ApiOperation({
    summary: 'Logs in whoever comes back from the OpenID provider',
    description:
      'In the browser that was sent there. The refresh token comes in a cookie. Who accepts `text/html` is sent on ' +
      'to the console by 303, which says so too where the login is refused.',
  })
  @ApiOkResponse({ type: LoginView })
  @ApiFailure(400, { invalid_request: 'code must be a string' })
  @ApiFailure(401, { oidc_refused: REFUSED })
  @ApiFailure(403, { email_not_verified: NOT_VERIFIED, not_invited: NOT_INVITED, no_account: NO_ACCOUNT })
  @ApiFailure(404, { oidc_not_configured: NOT_CONFIGURED })
  @ApiFailure(503, { oidc_unavailable: AWAY })
  async finish(
    @Query() _query: CallbackQuery,
    @From() origin: Origin,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LoginView | undefined> {
    return orSaidInConsole(request, reply, () => this.logIn(request, reply, origin));
  }

  private async logIn(request: FastifyRequest, reply: FastifyReply, origin: Origin): Promise<LoginView> {
    const ticket = readCookie(request.headers.cookie, TICKET);
    const challenge = ticket === null ? null : await this.tickets.open(ticket);
    if (challenge === null) throw new ApiError(401, 'oidc_refused', REFUSED);
    this.keepTicket(reply, '');
    const identity = await this.provider.finish(queryOf(request), challenge);
    const loggedIn = await this.providerLogin.logIn(identity, origin);
    this.answers.keepInCookie(loggedIn.session, request, reply);
    // A browser that navigates shows the console next, which takes the session up by its cookie.
    if (wantsPage(request)) void reply.code(303).header('location', '/#signed-in');
    return this.answers.view(loggedIn, { isInCookie: true });
  }

  /** `Lax`, because it is another site's page that leads back. */
  private keepTicket(reply: FastifyReply, ticket: string): void {
    const isSecure = this.settings.PUBLIC_URL?.startsWith('https:') === true;
    const options = { path: '/auth/oidc', sameSite: 'Lax', maxAgeS: TICKET_S, isSecure } as const;
    void reply.header('set-cookie', cookie(TICKET, ticket, options));
  }
}

/** Where a person looks at the answer, the console says why it is an error: it has a way to try again. */
async function orSaidInConsole<T>(
  request: FastifyRequest,
  reply: FastifyReply,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ApiError) || !wantsPage(request)) throw error;
    void reply.code(303).header('location', `/#sign-in-failed=${error.code}`);
    return undefined;
  }
}

/** Whether a person looks at the answer, and no program. */
function wantsPage({ headers }: FastifyRequest): boolean {
  return headers.accept?.includes('text/html') === true;
}

function queryOf({ url }: FastifyRequest): string {
  return url.includes('?') ? url.slice(url.indexOf('?')) : '';
}
