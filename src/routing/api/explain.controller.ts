import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Caller, type CallerIdentity } from '../../accounts/caller';
import { Needs } from '../../accounts/needs';
import { Database } from '../../database/database';
import { EventsRepository } from '../../events/events.repository';
import { ApiError } from '../../http/api-error';
import { ApiFailure } from '../../http/api-failure';
import { ApiRefusedDefinition } from '../../http/definition/api-refused-definition';
import type { DefinitionFields, Rule } from '../../http/definition/definition-fields';
import { INSTANT, oneOf } from '../../http/definition/definition-rules';
import { KINDS, MAX_EVENT_ID_BYTES, SEVERITIES } from '../../normalization/normalized-event';
import { Explain, type ExplainedEvent, type ExplainRequest } from '../explain/explain';
import { readRoutes } from '../route-list';
import { RoutesRepository } from '../routes.repository';
import { ExplainBody, ExplanationView, explanationView } from './explain-views';
import { accountIn, assertFaultless, fieldsOf } from './route-requests';
import { ListedRouteBody } from './route-views';

const NOT_FOUND = 'There is no such event in this account.';

const MAX_TEXT = 1_024;

const TEXT: Rule<string> = {
  read: (value) => (typeof value === 'string' && value.length <= MAX_TEXT ? value : undefined),
  message: `must be text of at most ${MAX_TEXT} characters`,
};

const EVENT_ID: Rule<string> = {
  read: (value) =>
    typeof value === 'string' && Buffer.byteLength(value) <= MAX_EVENT_ID_BYTES ? value : undefined,
  message: `must be text of at most ${MAX_EVENT_ID_BYTES} bytes`,
};

const EVENT = {
  source: 'stripe',
  service: 'payments',
  kind: 'incident',
  severity: 'critical',
  type: 'payout.failed',
};

/** Tells why somebody is told, or is not. */
@ApiTags('routes')
@Controller('routes/explain')
@Needs('read')
export class ExplainController {
  constructor(
    private readonly routes: RoutesRepository,
    private readonly events: EventsRepository,
    private readonly explain: Explain,
    private readonly database: Database,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Tells which routes an event meets, what would be sent, and what was',
    description: 'Of a stored event its newest state. Sends nothing and changes nothing.',
  })
  @ApiExtraModels(ListedRouteBody)
  @ApiBody({
    type: ExplainBody,
    examples: {
      event: { summary: 'An event that might come', value: { account_id: 'acme', event: EVENT } },
      night: {
        summary: 'By night',
        value: { account_id: 'acme', event: EVENT, at: '2026-01-15T23:30:00.000Z' },
      },
      draft: {
        summary: 'With other routes',
        value: {
          account_id: 'acme',
          event: EVENT,
          routes: [{ name: 'Quiet', match: { kind: ['incident'] }, to: [] }],
        },
      },
    },
  })
  @ApiOkResponse({ type: ExplanationView })
  @ApiRefusedDefinition('invalid_route', {
    field: 'event.severity',
    message: `must be one of ${SEVERITIES.join(', ')}`,
  })
  @ApiFailure(404, { event_not_found: NOT_FOUND })
  async run(@Body() body: unknown, @Caller() caller: CallerIdentity): Promise<ExplanationView> {
    const accountId = accountIn(body, caller);
    const fields = fieldsOf(body);
    const [known, names, now] = await Promise.all([
      this.routes.find(accountId),
      this.routes.namesOf(accountId),
      this.database.now(),
    ]);
    const at = fields.take('at', INSTANT, now);
    const isDraft = fields.has('routes');
    const routes = isDraft ? readRoutes(fields, { ...known, names, now }) : known.routes;
    const eventId = fields.take<string | undefined>('event_id', EVENT_ID, undefined);
    const given =
      fields.has('event') || eventId === undefined ? readEvent(fields.within('event'), accountId, at) : null;
    if (fields.has('event') && eventId !== undefined)
      fields.refuse('event_id', 'is one too many beside event');
    fields.refuseOthers('a question');
    assertFaultless(fields);
    const stored = eventId === undefined ? null : await this.events.find(accountId, eventId);
    const event = given ?? stored;
    if (event === null) throw new ApiError(404, 'event_not_found', NOT_FOUND);
    const request: ExplainRequest = { routes, names, event, at, stored };
    return explanationView(request, await this.explain.run(request), isDraft);
  }
}

function readEvent(fields: DefinitionFields, account_id: string, at: number): ExplainedEvent {
  const event: ExplainedEvent = {
    account_id,
    event_id: '',
    source: fields.need('source', TEXT),
    service: fields.need('service', TEXT),
    kind: fields.need('kind', oneOf(KINDS)),
    severity: fields.need('severity', oneOf(SEVERITIES)),
    type: fields.need('type', TEXT),
    started_at: fields.take('started_at', INSTANT, at),
    resolved_at: null,
  };
  fields.refuseOthers('event');
  return event;
}
