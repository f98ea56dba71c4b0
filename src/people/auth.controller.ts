import { Body, Controller, Get, Header, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Author, Origin } from '../accounts/actor';
import { By, From } from '../accounts/author';
import { Caller, type CallerIdentity } from '../accounts/caller';
import { Needs, NeedsNothing } from '../accounts/needs';
import { ApiError } from '../http/api-error';
import { ApiFailure } from '../http/api-failure';
import {
  AcceptRequest,
  ChangePasswordRequest,
  LoginRequest,
  LogoutRequest,
  RefreshRequest,
} from './auth-requests';
import { LoginView, MeView } from './auth-views';
import { INVITATION_GONE, LogIn, NO_PASSWORD, type PersonAuthor } from './log-in';
import { PeopleRepository } from './people.repository';
import { NO_ACCOUNT, Places } from './places';
import { removeRefreshCookie, shownRefreshToken } from './refresh-cookie';
import { Sessions } from './sessions';
import { personView, TokenAnswers } from './token-answers';

const WRONG = { login_failed: 'The e-mail address or the password is wrong.' };
const BUSY = { busy: 'Too many people are logging in right now. Try again.' };
const NO_SESSION = 'This session is over: log in again.';
const NOT_A_PERSON = 'This credential is nobody’s who could have a password.';
const REFUSED = { password_refused: 'password must be of 12 to 256 characters' };
const NO_STORE = ['cache-control', 'no-store'] as const;

/** Logging in, staying so, and leaving. */
@ApiTags('auth')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly logIn: LogIn,
    private readonly sessions: Sessions,
    private readonly people: PeopleRepository,
    private readonly places: Places,
    private readonly answers: TokenAnswers,
  ) {}

  @Post('login')
  @HttpCode(200)
  @NeedsNothing()
  @Header(...NO_STORE)
  @ApiOperation({
    summary: 'Logs a person in, by password',
    description: 'Who fails too often waits: `Retry-After` says how long nothing is looked at.',
  })
  @ApiOkResponse({ type: LoginView })
  @ApiFailure(400, { invalid_request: 'email must be an e-mail address' })
  @ApiFailure(401, WRONG)
  @ApiFailure(403, { no_account: NO_ACCOUNT })
  @ApiFailure(503, BUSY)
  async login(
    @Body() { account_id, cookie, ...shown }: LoginRequest,
    @From() origin: Origin,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LoginView> {
    const loggedIn = await this.logIn.withPassword(shown, account_id, origin);
    if (cookie === true) this.answers.keepInCookie(loggedIn.session, request, reply);
    return this.answers.view(loggedIn, { isInCookie: cookie === true });
  }

  @Post('accept')
  @HttpCode(200)
  @NeedsNothing()
  @Header(...NO_STORE)
  @ApiOperation({ summary: 'Accepts an invitation, and logs its person in' })
  @ApiOkResponse({ type: LoginView })
  @ApiFailure(400, { invalid_request: 'token must be a string', ...REFUSED })
  @ApiFailure(401, WRONG)
  @ApiFailure(404, { invitation_not_found: INVITATION_GONE })
  @ApiFailure(409, { conflict: 'Try again.' })
  @ApiFailure(503, BUSY)
  async accept(
    @Body() { token, password, cookie }: AcceptRequest,
    @From() origin: Origin,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LoginView> {
    const loggedIn = await this.logIn.byInvitation(token, password, origin);
    if (cookie === true) this.answers.keepInCookie(loggedIn.session, request, reply);
    return this.answers.view(loggedIn, { isInCookie: cookie === true });
  }

  @Post('refresh')
  @HttpCode(200)
  @NeedsNothing()
  @Header(...NO_STORE)
  @ApiOperation({
    summary: 'Exchanges a refresh token for a new one and an access token',
    description:
      'Within 30 s the same token gives the same new one again; one that is shown later than that ends its session.',
  })
  @ApiBody({ type: RefreshRequest, required: false })
  @ApiOkResponse({ type: LoginView })
  @ApiFailure(400, { invalid_request: 'refresh_token must be a string' })
  @ApiFailure(401, { session_over: NO_SESSION })
  @ApiFailure(403, { no_account: NO_ACCOUNT })
  async refresh(
    @Body() body: RefreshRequest,
    @From() origin: Origin,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LoginView> {
    const token = shownRefreshToken(body?.refresh_token, request);
    const session = token === null ? null : await this.sessions.refresh(token, origin);
    const person = session === null ? null : await this.people.find(session.person_id);
    if (session === null || person === null) throw new ApiError(401, 'session_over', NO_SESSION);
    const isInCookie = body?.refresh_token === undefined;
    // First, so that the session goes on where the account is refused.
    if (isInCookie) this.answers.keepInCookie(session, request, reply);
    const place = await this.places.choose(person.id, body?.account_id);
    return this.answers.view({ person, session, place }, { isInCookie });
  }

  @Post('logout')
  @HttpCode(204)
  @NeedsNothing()
  @ApiOperation({ summary: 'Ends the session of a refresh token, or all of its person’s' })
  @ApiBody({ type: LogoutRequest, required: false })
  @ApiNoContentResponse()
  @ApiFailure(400, { invalid_request: 'refresh_token must be a string' })
  async logout(
    @Body() body: LogoutRequest,
    @From() origin: Origin,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const token = shownRefreshToken(body?.refresh_token, request);
    const which = body?.everywhere === true ? 'all_sessions' : 'this_session';
    if (token !== null) await this.sessions.endBy(token, which, origin);
    removeRefreshCookie(reply);
  }

  @Get('me')
  @Needs('read')
  @Header(...NO_STORE)
  @ApiOperation({ summary: 'Who one is, and what one is where' })
  @ApiOkResponse({ type: MeView })
  async me(@Caller() caller: CallerIdentity): Promise<MeView> {
    const { by } = caller;
    const person = by.kind === 'person' ? await this.people.find(by.id) : null;
    return {
      kind: by.kind,
      person: person === null ? null : personView(person),
      account_id: caller.isOperator ? null : caller.account_id,
      accounts: person === null ? [] : await this.people.rolesOf(person.id),
    };
  }

  @Post('password')
  @HttpCode(204)
  @Needs('person')
  @ApiOperation({ summary: 'Changes one’s password, and ends all other sessions' })
  @ApiNoContentResponse()
  @ApiFailure(400, { invalid_request: 'new_password must be a string', ...REFUSED })
  @ApiFailure(401, WRONG)
  @ApiFailure(409, { not_a_person: NOT_A_PERSON, no_password: NO_PASSWORD })
  @ApiFailure(503, BUSY)
  async changePassword(
    @Body() { current_password, new_password }: ChangePasswordRequest,
    @By() author: Author,
  ): Promise<void> {
    if (!isPerson(author)) throw new ApiError(409, 'not_a_person', NOT_A_PERSON);
    await this.logIn.changePassword(author, { current: current_password, next: new_password });
  }
}

function isPerson(author: Author): author is PersonAuthor {
  return author.by.kind === 'person';
}
