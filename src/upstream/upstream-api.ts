import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { ApiFailure, descriptionOf, examplesOf, type Failures } from '../http/api-failure';
import { NOT_CONFIGURED } from './upstream-address';
import { BREAKER_OPEN, FAILED } from './upstream-errors';
import {
  AddedAnswer,
  AdditionFailed,
  EVENT,
  EventFailed,
  PartialEvents,
  UpstreamFailed,
} from './upstream-views';
import { USER_NOT_FOUND } from './user-events';

const USER = { id: 'u-ada', name: 'Ada', events: ['e-1', 'e-2'] };

/** What the upstream API has: its fields are its own. */
const list = { type: 'array', items: { type: 'object', additionalProperties: true } } as const;

const NOT_THERE: Failures = { upstream_not_configured: NOT_CONFIGURED };

/** Describes `GET /api/getUsers` and `GET /api/getEvents`. */
export function ApiUpstreamList(what: 'users' | 'events'): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: `The upstream API's ${what}`, description: 'As it lists them.' }),
    ApiOkResponse({ schema: { ...list, example: what === 'users' ? [USER] : [EVENT] } }),
    apiBadGateway(UpstreamFailed, { upstream_failed: FAILED }, { upstream_failed: { reason: 'timeout' } }),
    ApiFailure(503, NOT_THERE),
  );
}

const EVENTS_DESCRIPTION = `Read side by side, in the order in which the user has them. One that cannot be read fails
the request and is named; with \`partial=true\` the answer has the others, and says which ones are missing.`;

/** Describes `GET /api/getEventsByUserId/:id`. */
export function ApiUserEvents(): MethodDecorator {
  const partial = { events: [EVENT], failures: [{ event_id: 'e-2', reason: 'http_5xx' }] };
  return applyDecorators(
    ApiOperation({ summary: "A user's events in the upstream API", description: EVENTS_DESCRIPTION }),
    ApiExtraModels(PartialEvents),
    ApiOkResponse({
      schema: { oneOf: [list, { $ref: getSchemaPath(PartialEvents) }] },
      examples: {
        all: { summary: 'All of them', value: [EVENT] },
        partial: { summary: 'With `partial=true`', value: partial },
      },
    }),
    ApiFailure(400, {
      invalid_request: 'id must be 1 to 128 letters, digits and ._:@-, and begin with a letter or digit',
    }),
    ApiFailure(404, { user_not_found: USER_NOT_FOUND }),
    apiBadGateway(
      EventFailed,
      { upstream_failed: FAILED, upstream_event_failed: 'Event e-2 could not be read: http_5xx.' },
      {
        upstream_failed: { reason: 'timeout' },
        upstream_event_failed: { reason: 'http_5xx', event_id: 'e-2' },
      },
    ),
    ApiFailure(503, NOT_THERE),
  );
}

const ADD_DESCRIPTION = `Sent once: whether a request that got no answer has added the event, nobody can tell. After three
failures within 30 s the upstream API is left alone for a while. What was added is recorded here too.`;

/** Describes `POST /api/addEvent`. */
export function ApiAddEvent(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'Adds an event to the upstream API', description: ADD_DESCRIPTION }),
    ApiOkResponse({ type: AddedAnswer, description: 'What the upstream API answered' }),
    ApiFailure(400, { invalid_request: 'name must not be blank' }),
    ApiFailure(422, { upstream_refused: 'The upstream API did not take the event: no such user' }),
    apiBadGateway(
      AdditionFailed,
      { upstream_failed: FAILED },
      { upstream_failed: { reason: 'timeout', may_have_arrived: true } },
    ),
    ApiFailure(503, { ...NOT_THERE, upstream_unavailable: BREAKER_OPEN }),
  );
}

/** A 502, with the fields that each code has besides those of all errors. */
function apiBadGateway(
  type: typeof UpstreamFailed,
  failures: Failures,
  fieldsOf: Readonly<Record<string, object>>,
): MethodDecorator {
  const examples = examplesOf(502, failures);
  for (const [code, { value }] of Object.entries(examples)) Object.assign(value, fieldsOf[code]);
  return ApiResponse({ status: 502, type, description: descriptionOf(failures), examples });
}
