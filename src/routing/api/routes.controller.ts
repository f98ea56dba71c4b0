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
  Put,
  Query,
} from '@nestjs/common';
import {
  ApiBody,
  ApiCreatedResponse,
  ApiExtraModels,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Author } from '../../accounts/actor';
import { By } from '../../accounts/author';
import { accountOf, Caller, type CallerIdentity } from '../../accounts/caller';
import { Needs } from '../../accounts/needs';
import { ACCOUNT_DELETED, OpenAccounts } from '../../accounts/open-accounts';
import { AccountQuery } from '../../events/account.query';
import { ApiError } from '../../http/api-error';
import { ApiFailure } from '../../http/api-failure';
import { ApiRefusedDefinition } from '../../http/definition/api-refused-definition';
import { wholeNumber } from '../../http/definition/definition-rules';
import { isObject } from '../../normalization/json-document';
import { DEFAULT_ACCOUNT } from '../../normalization/normalized-event';
import { lastRoute } from '../last-route';
import { MAX_ROUTES, type Route } from '../route';
import { withAdded, withChanged } from '../route-edits';
import { routeFields } from '../route-fields';
import { readRoutes } from '../route-list';
import { RoutesRepository, type ChangedRoutes, type KnownRoutes } from '../routes.repository';
import { RoutingRulesReader } from '../routing-rules-reader';
import { assertFaultless, fieldsOf, refusedRoutes, requestedAccount, RouteParams } from './route-requests';
import {
  ChangeRouteBody,
  CreateRouteBody,
  ListedRouteBody,
  OwnedRouteView,
  ReplaceRoutesBody,
  RouteListView,
  routeListView,
} from './route-views';

const NOT_FOUND = 'There is no such route in this account.';
const TOO_MANY = `The account has as many routes as it may have (${MAX_ROUTES}).`;
const OVERTAKEN = 'The routes were changed meanwhile: read them again.';

const VERSION = wholeNumber(0, Number.MAX_SAFE_INTEGER);

const BAD_ZONE = {
  field: 'routes[3].match.time.timezone',
  message: 'must be a time zone of the IANA database, such as Europe/Berlin',
};

const BY_NIGHT = {
  account_id: 'acme',
  name: 'Payments by night',
  position: 0,
  match: {
    service: ['payments*'],
    severity: ['warning', 'critical'],
    time: { from: '22:00', to: '06:00', timezone: 'Europe/Berlin' },
  },
  to: ['pagerduty'],
  min_duration_s: 120,
};

const ALL = {
  account_id: 'acme',
  routes: [
    { name: 'Tests', match: { service: ['sandbox', 'test-*'] }, to: [] },
    {
      name: 'Payments',
      match: { source: ['stripe'], severity: ['critical'] },
      to: ['pagerduty'],
      remind_every_s: 3_600,
    },
  ],
};

/** Whom an account wants told of what. */
@ApiTags('routes')
@Controller('routes')
@Needs('manage')
export class RoutesController {
  private readonly logger = new Logger('Routes');

  constructor(
    private readonly routes: RoutesRepository,
    private readonly rules: RoutingRulesReader,
    private readonly accounts: OpenAccounts,
  ) {}

  @Get()
  @Needs('read')
  @ApiOperation({
    summary: 'Routes of an account, in their order',
    description:
      'The first that an event meets decides, unless it continues; where none ends the walk, the last, built-in one.',
  })
  @ApiOkResponse({ type: RouteListView })
  @ApiFailure(400, { invalid_request: 'account_id is not an account id' })
  async list(
    @Query() { account_id }: AccountQuery,
    @Caller() caller: CallerIdentity,
  ): Promise<RouteListView> {
    const accountId = accountOf(caller, account_id) ?? DEFAULT_ACCOUNT;
    return this.listView({
      ...(await this.routes.find(accountId)),
      names: await this.routes.namesOf(accountId),
    });
  }

  @Get(':id')
  @Needs('read')
  @ApiOperation({ summary: 'One route' })
  @ApiOkResponse({ type: OwnedRouteView })
  @ApiFailure(400, { invalid_request: 'account_id is not an account id' })
  @ApiFailure(404, { route_not_found: NOT_FOUND })
  async show(
    @Param() { id }: RouteParams,
    @Query() { account_id }: AccountQuery,
    @Caller() caller: CallerIdentity,
  ): Promise<OwnedRouteView> {
    const accountId = accountOf(caller, account_id) ?? DEFAULT_ACCOUNT;
    const names = await this.routes.namesOf(accountId);
    return view(id, { ...(await this.routes.find(accountId)), names });
  }

  @Post()
  @HttpCode(201)
  @ApiOperation({ summary: 'Adds a route', description: 'It holds for whatever is recorded from now on.' })
  @ApiBody({ type: CreateRouteBody, examples: { night: { summary: 'Payments by night', value: BY_NIGHT } } })
  @ApiCreatedResponse({ type: OwnedRouteView })
  @ApiRefusedDefinition('invalid_route', { field: 'to', message: 'is missing' })
  @ApiFailure(409, { too_many_routes: TOO_MANY, account_deleted: ACCOUNT_DELETED })
  async create(
    @Body() body: unknown,
    @Caller() caller: CallerIdentity,
    @By() author: Author,
  ): Promise<OwnedRouteView> {
    let id = '';
    const accountId = await this.accounts.forNew(caller, requestedAccount(body));
    const known = await this.change(author, accountId, (routes) => {
      if (routes.routes.length >= MAX_ROUTES) throw new ApiError(409, 'too_many_routes', TOO_MANY);
      const fields = fieldsOf(body);
      const added = withAdded(fields, routes);
      assertFaultless(fields);
      id = added.route.id;
      return added.routes;
    });
    return view(id, known);
  }

  @Put()
  @ApiOperation({
    summary: 'Replaces all routes of an account, at once or not at all',
    description:
      'In the order given. One without an id that has the name of a known one is that one. ' +
      'With `version` only while the routes are still those that were read.',
  })
  @ApiExtraModels(ListedRouteBody)
  @ApiBody({ type: ReplaceRoutesBody, examples: { all: { summary: 'Two routes', value: ALL } } })
  @ApiOkResponse({ type: RouteListView })
  @ApiRefusedDefinition('invalid_route', BAD_ZONE)
  @ApiFailure(409, { routes_changed: OVERTAKEN, account_deleted: ACCOUNT_DELETED })
  async replace(
    @Body() body: unknown,
    @Caller() caller: CallerIdentity,
    @By() author: Author,
  ): Promise<RouteListView> {
    const accountId = await this.accounts.forNew(caller, requestedAccount(body));
    const known = await this.change(author, accountId, (routes) => {
      const fields = fieldsOf(body);
      const version = fields.take('version', VERSION, routes.version);
      const list = readRoutes(fields, routes);
      // It is among what is shown, and nobody can change it.
      fields.within('default');
      fields.refuseOthers('a list of routes');
      assertFaultless(fields);
      if (version !== routes.version) throw new ApiError(409, 'routes_changed', OVERTAKEN);
      return list;
    });
    return this.listView(known);
  }

  @Patch(':id')
  @ApiOperation({
    summary: 'Changes a route, or its place',
    description: 'What is left out stays as it is; `match` is replaced whole.',
  })
  @ApiBody({
    type: ChangeRouteBody,
    examples: {
      mute: { summary: 'A mute', value: { mute_until: '2026-01-15T12:00:00.000Z' } },
      unmute: { summary: 'And its end', value: { mute_until: null } },
      first: { summary: 'To the front', value: { position: 0 } },
    },
  })
  @ApiOkResponse({ type: OwnedRouteView })
  @ApiRefusedDefinition('invalid_route', {
    field: 'remind_every_s',
    message: 'must be a whole number from 60 to 604800, or null',
  })
  @ApiFailure(404, { route_not_found: NOT_FOUND })
  async update(
    @Param() { id }: RouteParams,
    @Query() { account_id }: AccountQuery,
    @Body() body: unknown,
    @Caller() caller: CallerIdentity,
    @By() author: Author,
  ): Promise<OwnedRouteView> {
    const accountId = accountOf(caller, account_id) ?? DEFAULT_ACCOUNT;
    const known = await this.change(author, accountId, (routes) => {
      assertThere(id, routes);
      if (!isObject(body)) throw refusedRoutes([{ field: null, message: 'must be an object' }]);
      const changed = withChanged(id, body, routes);
      assertFaultless(changed.fields);
      return changed.routes;
    });
    return view(id, known);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Deletes a route',
    description: 'What was opened because of it is closed all the same.',
  })
  @ApiNoContentResponse()
  @ApiFailure(400, { invalid_request: 'account_id is not an account id' })
  @ApiFailure(404, { route_not_found: NOT_FOUND })
  async delete(
    @Param() { id }: RouteParams,
    @Query() { account_id }: AccountQuery,
    @Caller() caller: CallerIdentity,
    @By() author: Author,
  ): Promise<void> {
    await this.change(author, accountOf(caller, account_id) ?? DEFAULT_ACCOUNT, (routes) => {
      assertThere(id, routes);
      return routes.routes.filter((route) => route.id !== id);
    });
  }

  private async change(
    author: Author,
    accountId: string,
    next: (known: KnownRoutes) => readonly Route[],
  ): Promise<ChangedRoutes> {
    const known = await this.routes.change(author, accountId, next);
    if (known.isChanged) this.logger.log({ account_id: accountId, version: known.version }, 'routes changed');
    return known;
  }

  private listView(known: Omit<KnownRoutes, 'now'>): RouteListView {
    return routeListView(known, lastRoute(this.rules.from, known.names.on), known.names);
  }
}

function assertThere(id: string, { routes }: Pick<KnownRoutes, 'routes'>): void {
  if (!routes.some((route) => route.id === id)) throw notFound();
}

function view(id: string, { account_id, version, routes, names }: Omit<KnownRoutes, 'now'>): OwnedRouteView {
  const position = routes.findIndex((route) => route.id === id);
  const route = routes[position];
  if (route === undefined) throw notFound();
  return { account_id, version, position, ...routeFields(route, names) };
}

function notFound(): ApiError {
  return new ApiError(404, 'route_not_found', NOT_FOUND);
}
