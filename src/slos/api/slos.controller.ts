import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { accountOf, Caller, type CallerIdentity } from '../../accounts/caller';
import { Needs } from '../../accounts/needs';
import { Database } from '../../database/database';
import { ApiError } from '../../http/api-error';
import { ApiFailure } from '../../http/api-failure';
import { ObjectiveTargets, placeOf } from '../objectives/targets';
import { Histories } from '../reading/histories';
import { SloDetails } from './slo-details';
import { SloDetailView, SloListView, sloView } from './slo-views';
import { ListSlosQuery, SloParams, SloQuery } from './slos.query';

const NO_SLO = 'There is no such objective in this account.';

/** How well promises are kept. */
@ApiTags('slos')
@Controller('slos')
@Needs('read')
export class SlosController {
  constructor(
    private readonly database: Database,
    private readonly targets: ObjectiveTargets,
    private readonly histories: Histories,
    private readonly details: SloDetails,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'Objectives and how they stand',
    description:
      'What is about all accounts together comes first, and only operators see it; a key or a person sees the ' +
      'objectives of its own account, those of its monitors among them.',
  })
  @ApiOkResponse({ type: SloListView })
  @ApiFailure(400, {
    invalid_request: 'limit must be a whole number from 1 to 500',
    invalid_cursor: 'cursor is not one of ours.',
  })
  async list(
    @Query() { account_id, limit, cursor }: ListSlosQuery,
    @Caller() caller: CallerIdentity,
  ): Promise<SloListView> {
    const all = await this.targets.list(accountOf(caller, account_id));
    const after = cursor === undefined ? null : placeIn(cursor);
    const rest = after === null ? all : all.filter((one) => placeOf(one) > after);
    const page = rest.slice(0, limit);
    const now = await this.database.now();
    const judged = await this.histories.evidence(page, now);
    const last = page.at(-1);
    return {
      slos: judged.map((one) => sloView(one, now)),
      next_cursor: rest.length > limit && last !== undefined ? cursorOf(placeOf(last)) : null,
    };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One objective: its windows, its budget over time, and what spent it' })
  @ApiOkResponse({ type: SloDetailView })
  @ApiFailure(400, { invalid_request: 'account_id is not an account id' })
  @ApiFailure(404, { slo_not_found: NO_SLO })
  async show(
    @Param() { id }: SloParams,
    @Query() query: SloQuery,
    @Caller() caller: CallerIdentity,
  ): Promise<SloDetailView> {
    const account = accountOf(caller, query.account_id);
    const objective = (await this.targets.list(account)).find((one) => one.id === id);
    const details =
      objective === undefined ? null : await this.details.of(objective, await this.database.now());
    if (details === null) throw new ApiError(404, 'slo_not_found', NO_SLO);
    return details;
  }
}

function cursorOf(place: string): string {
  return Buffer.from(place).toString('base64url');
}

/** @throws ApiError 400 */
function placeIn(cursor: string): string {
  const place = Buffer.from(cursor, 'base64url').toString();
  if (cursorOf(place) !== cursor || !place.includes('/')) {
    throw new ApiError(400, 'invalid_cursor', 'cursor is not one of ours.');
  }
  return place;
}
