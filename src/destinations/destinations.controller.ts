import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Logger,
  Param,
  Patch,
  Post,
  Query,
  Req,
} from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Author } from '../accounts/actor';
import { By } from '../accounts/author';
import { accountOf, Caller, isTheirs, type CallerIdentity } from '../accounts/caller';
import { Needs } from '../accounts/needs';
import { ACCOUNT_DELETED, OpenAccounts } from '../accounts/open-accounts';
import { pageOf } from '../accounts/page.query';
import { ApiError } from '../http/api-error';
import { ApiFailure } from '../http/api-failure';
import { NO_KEY } from '../http/error.filter';
import { DestinationTest } from './destination-test';
import { DestinationInUseError } from './destination-uses';
import {
  ChangeDestinationRequest,
  CreateDestinationRequest,
  DestinationParams,
  ListDestinationsQuery,
} from './destination-requests';
import {
  DestinationListView,
  DestinationTestView,
  DestinationView,
  destinationView,
} from './destination-views';
import {
  DestinationsRepository,
  MAX_PER_ACCOUNT,
  type AddRefusal,
  type StoredDestination,
} from './destinations.repository';
import { InvalidDestinationError } from './fields';
import type { Kind } from './kind';
import { Kinds } from './kinds';
import { placeOf, type Place } from './place';

const NOT_FOUND = 'There is no such destination.';
const OF_FILE = 'It comes from DESTINATIONS_FILE: change it there.';
const UNREADABLE = 'No key of this service opens its settings: set them anew, or ask the operator.';
const UNAVAILABLE = 'The operator has to set SMTP_URL and SMTP_FROM.';

const REFUSALS: Readonly<Record<AddRefusal, string>> = {
  destination_exists: 'The account has a destination of this name.',
  too_many_destinations: `The account has ${MAX_PER_ACCOUNT} destinations.`,
};

/** Where accounts want their events sent, besides the operator's PagerDuty. */
@ApiTags('destinations')
@Controller('destinations')
@Needs('manage')
export class DestinationsController {
  private readonly logger = new Logger('Destinations');

  constructor(
    private readonly destinations: DestinationsRepository,
    private readonly kinds: Kinds,
    private readonly tester: DestinationTest,
    private readonly accounts: OpenAccounts,
  ) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({
    summary: 'Adds a destination to an account',
    description: 'From then on whatever pages goes there too. Secrets are kept encrypted and never shown.',
  })
  @ApiCreatedResponse({ type: DestinationView })
  @ApiFailure(400, {
    invalid_request: 'settings.url must be an http or https URL without user name and password',
  })
  @ApiFailure(409, { ...REFUSALS, account_deleted: ACCOUNT_DELETED })
  @ApiFailure(503, { encryption_not_configured: NO_KEY, type_unavailable: UNAVAILABLE })
  async create(
    @Body() { account_id: requested, settings, ...body }: CreateDestinationRequest,
    @Caller() caller: CallerIdentity,
    @By() author: Author,
  ): Promise<DestinationView> {
    const account_id = await this.accounts.forNew(caller, requested);
    const kind = this.kinds.of(body.type);
    if (kind.unavailable !== null) throw new ApiError(503, 'type_unavailable', kind.unavailable);
    const added = await this.destinations.add(
      author,
      { account_id, ...body, ...placeIn(kind, settings), origin: 'api' },
      MAX_PER_ACCOUNT,
    );
    if (typeof added === 'string') throw new ApiError(409, added, REFUSALS[added]);
    this.log(added, 'destination added');
    return this.view(added);
  }

  @Get()
  @Needs('read')
  @ApiOperation({ summary: 'Destinations, in the order of their ids' })
  @ApiOkResponse({ type: DestinationListView })
  @ApiFailure(400, { invalid_request: 'limit must be a whole number from 1 to 500' })
  async list(
    @Query() { account_id, limit, cursor }: ListDestinationsQuery,
    @Caller() caller: CallerIdentity,
  ): Promise<DestinationListView> {
    const found = await this.destinations.list(accountOf(caller, account_id), limit + 1, cursor);
    const { next_cursor } = pageOf(
      found.map(({ row }) => row),
      limit,
    );
    return { destinations: found.slice(0, limit).map((stored) => this.view(stored)), next_cursor };
  }

  @Get(':id')
  @Needs('read')
  @ApiOperation({ summary: 'One destination' })
  @ApiOkResponse({ type: DestinationView })
  @ApiFailure(400, { invalid_request: 'id is not the id of a destination' })
  @ApiFailure(404, { destination_not_found: NOT_FOUND })
  async show(@Param() { id }: DestinationParams, @Caller() caller: CallerIdentity): Promise<DestinationView> {
    return this.view(await this.find(caller, id));
  }

  @Patch(':id')
  @ApiOperation({
    summary: 'Changes a destination',
    description:
      'What was opened there stays with the place where it was opened: after a change of the URL it is closed at the old one.',
  })
  @ApiOkResponse({ type: DestinationView })
  @ApiFailure(400, { invalid_request: 'settings.secret must be whsec_ and 24 to 64 bytes in base64' })
  @ApiFailure(404, { destination_not_found: NOT_FOUND })
  @ApiFailure(409, { managed_by_file: OF_FILE })
  @ApiFailure(503, { encryption_not_configured: NO_KEY })
  async change(
    @Param() { id }: DestinationParams,
    @Body() { settings, enabled }: ChangeDestinationRequest,
    @Caller() caller: CallerIdentity,
    @By() author: Author,
  ): Promise<DestinationView> {
    await this.findOwn(caller, id);
    const next = (stored: StoredDestination): Place => {
      const known = stored.settings === null ? {} : (JSON.parse(stored.settings) as Record<string, unknown>);
      return placeIn(this.kinds.of(stored.row.type), { ...known, ...settings });
    };
    const changed = await this.destinations.change(author, id, {
      enabled,
      ...(settings === undefined ? {} : { next }),
    });
    if (changed === null) throw notFound();
    this.log(changed, 'destination changed');
    return this.view(changed);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Deletes a destination',
    description: 'What was opened there is closed there all the same; what was not yet sent is skipped.',
  })
  @ApiNoContentResponse()
  @ApiFailure(400, { invalid_request: 'id is not the id of a destination' })
  @ApiFailure(404, { destination_not_found: NOT_FOUND })
  @ApiFailure(409, { managed_by_file: OF_FILE, destination_in_use: 'Routes name it: Payments by night.' })
  async delete(
    @Param() { id }: DestinationParams,
    @Caller() caller: CallerIdentity,
    @By() author: Author,
  ): Promise<void> {
    await this.findOwn(caller, id);
    const row = await this.destinations.markDeleted(author, id).catch(refuseIfUsed);
    if (row === null) throw notFound();
    this.log({ row }, 'destination deleted');
  }

  @Post(':id/test')
  @Needs('operate')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Sends a real message to a destination, and closes what it opened',
    description:
      'Answers 200 whatever came of it, and all that came of it. Also where the destination is switched off.',
  })
  @ApiOkResponse({ type: DestinationTestView })
  @ApiFailure(400, { invalid_request: 'id is not the id of a destination' })
  @ApiFailure(404, { destination_not_found: NOT_FOUND })
  @ApiFailure(503, { settings_unreadable: UNREADABLE, type_unavailable: UNAVAILABLE })
  async test(
    @Param() { id }: DestinationParams,
    @Caller() caller: CallerIdentity,
    @Req() request: FastifyRequest,
  ): Promise<DestinationTestView> {
    const stored = await this.find(caller, id);
    const { row, settings: credential } = stored;
    if (credential === null) throw new ApiError(503, 'settings_unreadable', UNREADABLE);
    const kind = this.kinds.of(row.type);
    if (kind.unavailable !== null) throw new ApiError(503, 'type_unavailable', kind.unavailable);
    const tested = await this.tester.run({ id, account_id: row.account_id, kind, credential }, request.id);
    this.log(stored, 'destination tested');
    return tested;
  }

  /** @throws ApiError 404 where there is none; another account's is as good as none: nobody learns what others have */
  private async find(caller: CallerIdentity, id: string): Promise<StoredDestination> {
    const stored = await this.destinations.find(id);
    if (stored === null || !isTheirs(caller, stored.row)) throw notFound();
    return stored;
  }

  /** A destination that the API may change. */
  private async findOwn(caller: CallerIdentity, id: string): Promise<StoredDestination> {
    const stored = await this.find(caller, id);
    if (stored.row.origin === 'file') throw new ApiError(409, 'managed_by_file', OF_FILE);
    return stored;
  }

  private view(stored: StoredDestination): DestinationView {
    return destinationView(stored, this.kinds.of(stored.row.type));
  }

  private log({ row }: Pick<StoredDestination, 'row'>, message: string): void {
    this.logger.log({ destination: row.id, account_id: row.account_id, name: row.name }, message);
  }
}

/** @throws ApiError 400 where the settings have faults */
function placeIn(kind: Kind, given: Readonly<Record<string, unknown>>): Place {
  try {
    return placeOf(kind, given);
  } catch (cause) {
    if (!(cause instanceof InvalidDestinationError)) throw cause;
    throw new ApiError(400, 'invalid_request', cause.message, { cause });
  }
}

function refuseIfUsed(cause: unknown): never {
  if (!(cause instanceof DestinationInUseError)) throw cause;
  const { uses } = cause;
  throw new ApiError(409, 'destination_in_use', `Routes name it: ${uses.join(', ')}.`, {
    fields: { routes: uses },
    cause,
  });
}

function notFound(): ApiError {
  return new ApiError(404, 'destination_not_found', NOT_FOUND);
}
