import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiExtraModels, getSchemaPath } from '@nestjs/swagger';
import { ChangeMonitorBody, HeartbeatMonitorBody, HttpMonitorBody } from './monitor-requests';

const HTTP = {
  account_id: 'acme',
  name: 'Checkout API',
  url: 'https://api.example.com/health',
  headers: { authorization: 'Bearer 0123456789' },
  interval_s: 60,
  expect: { status: ['200-299'], json: { '$.status': 'ok' }, degraded_above_ms: 'auto', tls_days_left: 14 },
};

const HEARTBEAT = {
  account_id: 'acme',
  type: 'heartbeat',
  name: 'Nightly backup',
  period_s: 86_400,
  grace_s: 1_800,
};

/** Describes the body of `POST /monitors`. */
export function ApiMonitorBody(): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(HttpMonitorBody, HeartbeatMonitorBody),
    ApiBody({
      schema: {
        oneOf: [{ $ref: getSchemaPath(HttpMonitorBody) }, { $ref: getSchemaPath(HeartbeatMonitorBody) }],
      },
      examples: {
        http: { summary: 'Asks a URL', value: HTTP },
        heartbeat: { summary: 'Waits for a job to call in', value: HEARTBEAT },
      },
    }),
  );
}

/** Describes the body of `PATCH /monitors/:id`. */
export function ApiMonitorChange(): MethodDecorator {
  return ApiBody({
    type: ChangeMonitorBody,
    examples: {
      pause: { summary: 'A pause', value: { paused: true } },
      expect: { summary: 'Another expectation; the others stay', value: { expect: { status: ['204'] } } },
    },
  });
}
