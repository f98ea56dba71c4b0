import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Caller, type CallerIdentity } from '../../accounts/caller';
import { Needs } from '../../accounts/needs';
import { Database } from '../../database/database';
import { ApiError } from '../../http/api-error';
import { ApiFailure } from '../../http/api-failure';
import { ApiRefusedDefinition } from '../../http/definition/api-refused-definition';
import { wholeNumber } from '../../http/definition/definition-rules';
import { iso } from '../../normalization/instant';
import { Preview, PreviewRunningError } from '../preview/preview';
import { readRoutes } from '../route-list';
import { RoutesRepository } from '../routes.repository';
import { PreviewBody, PreviewView, previewView } from './preview-views';
import { accountIn, assertFaultless, fieldsOf } from './route-requests';
import { ListedRouteBody } from './route-views';

const RUNNING = 'A preview of this account is under way: wait for its answer.';

const DAYS = wholeNumber(1, 30);
const DEFAULT_DAYS = 7;
const DAY_MS = 86_400_000;

const DRAFT = {
  account_id: 'acme',
  days: 7,
  routes: [{ name: 'Payments', match: { service: ['payments*'] }, to: ['pagerduty'], min_duration_s: 120 }],
};

/** Tries routes before they are trusted. */
@ApiTags('routes')
@Controller('routes/preview')
@Needs('operate')
export class PreviewController {
  constructor(
    private readonly routes: RoutesRepository,
    private readonly preview: Preview,
    private readonly database: Database,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Tells which pages a draft would have added and removed',
    description:
      'Every event of the last days goes through the routes in force and through the draft, as if each delivery had ' +
      'succeeded at once: with its revisions, durations and times of day. A page is a trigger, also one that tells that it ' +
      'got worse. Mutes, reminders and fallbacks are left out. Changes nothing.',
  })
  @ApiExtraModels(ListedRouteBody)
  @ApiBody({ type: PreviewBody, examples: { draft: { summary: 'One route', value: DRAFT } } })
  @ApiOkResponse({ type: PreviewView })
  @ApiRefusedDefinition('invalid_route', { field: 'days', message: DAYS.message })
  @ApiFailure(409, { preview_running: RUNNING })
  async run(
    @Body() body: unknown,
    @Caller() caller: CallerIdentity,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PreviewView> {
    const account_id = accountIn(body, caller);
    const fields = fieldsOf(body);
    const startedAt = performance.now();
    const [known, names, to] = await Promise.all([
      this.routes.find(account_id),
      this.routes.namesOf(account_id),
      this.database.now(),
    ]);
    const days = fields.take('days', DAYS, DEFAULT_DAYS);
    const draft = readRoutes(fields, { ...known, names, now: to });
    fields.refuseOthers('a preview');
    assertFaultless(fields);
    const from = to - days * DAY_MS;
    const result = await this.preview
      .run({ account_id, from, to, draft, signal: signalOf(reply) })
      .catch(refuseSecond);
    const took_ms = Math.round(performance.now() - startedAt);
    return { from: iso(from), to: iso(to), ...previewView(result, names), took_ms };
  }
}

/** Aborted once nobody waits for the answer any more. */
function signalOf({ raw }: FastifyReply): AbortSignal {
  const left = new AbortController();
  const reason = new ApiError(503, 'abandoned', 'Nobody waits for the answer any more.');
  raw.once('close', () => left.abort(reason));
  return left.signal;
}

function refuseSecond(cause: unknown): never {
  if (!(cause instanceof PreviewRunningError)) throw cause;
  throw new ApiError(409, 'preview_running', RUNNING, { cause });
}
