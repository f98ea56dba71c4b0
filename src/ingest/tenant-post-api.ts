import { applyDecorators } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiExtraModels,
  ApiHeader,
  ApiOperation,
  ApiResponse,
  getSchemaPath,
} from '@nestjs/swagger';
import { ApiFailure, descriptionOf, examplesOf } from '../http/api-failure';
import { OVERLOADED_MESSAGE } from '../recording/intake-buffer';
import { IDEMPOTENCY_KEY_MESSAGE } from './idempotency-key';
import { RefusedPost, TenantEventBody, TenantReceipt } from './tenant-post';

export const LIMIT_MESSAGE = 'The account has used up what it may post. See Retry-After.';

const DESCRIPTION = `One event, a list of up to 1,000, or an object with such a list as \`events\`. All or none: an
event with a fault refuses the post. Fields that are not listed are a fault too.

A known \`event_id\` is stored once. Of the kinds \`incident\` and \`status\` it takes the newest state by
\`timestamp\`, as a whole: post it again with \`resolved_at\` to close what it opened. \`raw\` keeps each event as it
was sent.`;

/** What may be wrong with a post; the answer says it in more words. */
const FAULTS = {
  invalid_event: 'events[1].severity must be one of info, warning, critical.',
  not_events: 'The body must be an event, a list of events, or {"events":[…]}.',
  no_events: 'The list holds no events.',
  too_many_events: 'A post holds at most 1000 events.',
  invalid_idempotency_key: IDEMPOTENCY_KEY_MESSAGE,
  body_not_utf8: 'The body is not valid UTF-8.',
  body_too_deep: 'The body is JSON nested deeper than 128 levels.',
};

const PLACE = { index: 1, field: 'severity' };
const FAULT = { ...PLACE, message: 'must be one of info, warning, critical' };

const ONE = {
  event_id: 'order-4711-failed',
  account_id: 'acme',
  user_id: 'user-17',
  type: 'checkout.failed',
  timestamp: '2026-01-15T10:40:00.000Z',
  severity: 'critical',
  kind: 'incident',
  metadata: { message: 'Card processor answers 503', order: 4711 },
};

const OTHER = {
  account_id: 'acme',
  user_id: 'user-18',
  type: 'login',
  timestamp: '2026-01-15T10:40:01.000Z',
};

const RESOLVED = { ...ONE, timestamp: '2026-01-15T11:00:00.000Z', resolved_at: '2026-01-15T10:58:30.000Z' };

/** Describes `POST /events`. */
export function ApiTenantPost(): MethodDecorator {
  const event = { $ref: getSchemaPath(TenantEventBody) };
  const list = { type: 'array', items: event, minItems: 1, maxItems: 1_000 } as const;
  const { invalid_event, ...otherFaults } = examplesOf(400, FAULTS);
  return applyDecorators(
    ApiOperation({ summary: "Takes tenants' events", description: DESCRIPTION }),
    ApiExtraModels(TenantEventBody),
    ApiHeader({
      name: 'idempotency-key',
      required: false,
      description:
        'Makes events without `event_id` repeatable: the same key, account and place in the post is the same event.',
    }),
    ApiBody({
      schema: {
        oneOf: [event, list, { type: 'object', required: ['events'], properties: { events: list } }],
      },
      examples: {
        event: { summary: 'One event', value: ONE },
        events: { summary: 'Several', value: { events: [ONE, OTHER] } },
        list: { summary: 'Several, as a list', value: [OTHER, OTHER] },
        resolved: { summary: 'The end of an incident', value: RESOLVED },
      },
    }),
    ApiAcceptedResponse({ type: TenantReceipt }),
    ApiResponse({
      status: 400,
      type: RefusedPost,
      description: descriptionOf(FAULTS),
      examples: {
        invalid_event: {
          ...invalid_event!,
          value: { ...invalid_event!.value, ...PLACE, faults: [FAULT] },
        },
        ...otherFaults,
      },
    }),
    ApiFailure(403, { forbidden: 'This credential does not allow that.' }),
    ApiFailure(415, { unsupported_media_type: 'Send JSON, with Content-Type: application/json.' }),
    ApiFailure(429, { account_limit_exceeded: LIMIT_MESSAGE }),
    ApiFailure(503, { overloaded: OVERLOADED_MESSAGE }),
  );
}
