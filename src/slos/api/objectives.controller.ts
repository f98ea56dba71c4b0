import { Body, Controller, Get, Logger, Put, Query } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Author } from '../../accounts/actor';
import { By } from '../../accounts/author';
import { accountOf, Caller, type CallerIdentity } from '../../accounts/caller';
import { Needs } from '../../accounts/needs';
import { ACCOUNT_DELETED, OpenAccounts } from '../../accounts/open-accounts';
import { AccountQuery } from '../../events/account.query';
import { ApiError } from '../../http/api-error';
import { ApiFailure } from '../../http/api-failure';
import { ApiRefusedDefinition } from '../../http/definition/api-refused-definition';
import { DefinitionFields, type Rule } from '../../http/definition/definition-fields';
import { wholeNumber } from '../../http/definition/definition-rules';
import { refusedDefinition } from '../../http/definition/refused-definition';
import { ACCOUNT_ID } from '../../normalization/account-id';
import { isObject } from '../../normalization/json-document';
import { DEFAULT_ACCOUNT } from '../../normalization/normalized-event';
import type { Objective } from '../model/objective';
import { MAX_OWN_OBJECTIVES_OF_ALL, readOwnObjectives } from '../model/own-objectives';
import { Objectives } from '../objectives/objectives';
import { OwnObjectivesReader } from '../objectives/own-objectives-reader';
import {
  AccountObjectivesRepository,
  TooManyObjectivesError,
  type OwnObjectives,
} from '../storage/account-objectives.repository';
import { ObjectiveDoubts } from './objective-doubts';
import { OwnObjectivesView, ownObjectivesView, ReplaceObjectivesBody } from './objective-views';

const OVERTAKEN = 'The objectives were changed meanwhile: read them again.';
const TOO_MANY = `All accounts together have as many objectives of their own as they may have (${MAX_OWN_OBJECTIVES_OF_ALL}).`;

const VERSION = wholeNumber(0, Number.MAX_SAFE_INTEGER);

const ACCOUNT: Rule<string> = {
  read: (value) => (typeof value === 'string' && ACCOUNT_ID.test(value) ? value : undefined),
  message: 'must be the id of an account',
};

const FAULT = { field: 'objectives[0].window', message: 'must be one of 24h, 7d, 28d, 30d, 90d' };

const TWO = {
  account_id: 'acme',
  objectives: [
    { id: 'events-latency-p95', below_ms: 150 },
    {
      id: 'checkout',
      name: 'Our posts are answered',
      kind: 'availability',
      routes: ['POST /events'],
      objective: 0.9995,
      window: '30d',
    },
  ],
};

/** What an account has set for itself. */
@ApiTags('slos')
@Controller('objectives')
@Needs('manage')
export class ObjectivesController {
  private readonly logger = new Logger('Slos');

  constructor(
    private readonly objectives: Objectives,
    private readonly repository: AccountObjectivesRepository,
    private readonly reader: OwnObjectivesReader,
    private readonly doubts: ObjectiveDoubts,
    private readonly accounts: OpenAccounts,
  ) {}

  @Get()
  @Needs('read')
  @ApiOperation({
    summary: 'Objectives that an account has set for itself',
    description: 'How they stand is in `GET /slos`, and so are those that SLOS_FILE gives the account.',
  })
  @ApiOkResponse({ type: OwnObjectivesView })
  @ApiFailure(400, { invalid_request: 'account_id is not an account id' })
  async list(
    @Query() { account_id }: AccountQuery,
    @Caller() caller: CallerIdentity,
  ): Promise<OwnObjectivesView> {
    return this.view(await this.repository.find(accountOf(caller, account_id) ?? DEFAULT_ACCOUNT));
  }

  @Put()
  @ApiOperation({
    summary: 'Replaces the objectives that an account has set for itself, at once or not at all',
    description:
      'An entry with the id of a default says only what is different. What they are about is counted from now on; other ' +
      'processes know them 15 s later.',
  })
  @ApiBody({ type: ReplaceObjectivesBody, examples: { two: { summary: 'Two objectives', value: TWO } } })
  @ApiOkResponse({ type: OwnObjectivesView })
  @ApiRefusedDefinition('invalid_objective', FAULT)
  @ApiFailure(409, {
    objectives_changed: OVERTAKEN,
    too_many_objectives: TOO_MANY,
    account_deleted: ACCOUNT_DELETED,
  })
  async replace(
    @Body() body: unknown,
    @Caller() caller: CallerIdentity,
    @By() author: Author,
  ): Promise<OwnObjectivesView> {
    const requested = isObject(body) ? ACCOUNT.read(body['account_id']) : undefined;
    const account_id = await this.accounts.forNew(caller, requested);
    const changed = await this.change(author, account_id, (known) => this.read(body, known));
    await this.reader.look();
    this.logger.log({ account_id, version: changed.version }, 'objectives set');
    return this.view(changed);
  }

  private read(body: unknown, { account_id, version }: OwnObjectives): readonly Objective[] {
    if (!isObject(body))
      throw refusedDefinition('invalid_objective', [{ field: null, message: 'must be an object' }]);
    const fields = new DefinitionFields(body);
    fields.take<string | undefined>('account_id', ACCOUNT, undefined);
    const expected = fields.take('version', VERSION, version);
    const taken = this.objectives.givenIds(account_id);
    const objectives = readOwnObjectives(fields, { account_id, taken });
    fields.refuseOthers('a list of objectives');
    if (fields.faults.length > 0) throw refusedDefinition('invalid_objective', fields.faults);
    if (expected !== version) throw new ApiError(409, 'objectives_changed', OVERTAKEN);
    return objectives;
  }

  private async change(
    author: Author,
    account_id: string,
    next: (known: OwnObjectives) => readonly Objective[],
  ): Promise<OwnObjectives> {
    try {
      return await this.repository.change(author, account_id, next);
    } catch (error) {
      if (!(error instanceof TooManyObjectivesError)) throw error;
      throw new ApiError(409, 'too_many_objectives', TOO_MANY, { cause: error });
    }
  }

  private async view(own: OwnObjectives): Promise<OwnObjectivesView> {
    return ownObjectivesView(own, await this.doubts.about(own));
  }
}
