import { ApiProperty } from '@nestjs/swagger';
import { ErrorBody } from '../http/api-error';

const DETAILS = {
  accepting: { status: 'up' },
  roles: { roles: ['api', 'scheduler', 'worker', 'notifier'], is_leader: true, status: 'up' },
  database: { status: 'up' },
  queues: { status: 'up' },
  deliveries: { oldest_due_at: null, oldest_pending_since: null, status: 'up' },
  breakers: {
    breakers: [
      {
        name: 'pagerduty',
        state: 'open',
        retry_at: '2026-01-15T10:00:15.000Z',
        transitions: { open: 1, half_open: 0, closed: 0 },
      },
    ],
    status: 'degraded',
  },
  sources: {
    pages: [
      {
        page: 'spreedly',
        source: 'spreedly_status',
        last_attempt_at: '2026-01-15T10:00:00.000Z',
        last_success_at: '2026-01-15T10:00:00.000Z',
        last_change_at: '2026-01-15T09:12:00.000Z',
        failing_since: null,
        last_error_code: null,
        is_stale: false,
      },
    ],
    status: 'up',
  },
  monitors: {
    running: 3,
    waiting: 0,
    lag: { checks: 2000, p50_ms: 104, p99_ms: 201, max_ms: 230 },
    held_since: null,
    status: 'up',
  },
};

/** What readiness looked at, each with a status: `up`, `degraded` (which does not make unready) or `down`. */
const details = { type: 'object', additionalProperties: true } as const;

/** The process does its work. */
export class ReadyAnswer {
  @ApiProperty({ enum: ['ok', 'degraded'], example: 'degraded' })
  status!: 'ok' | 'degraded';

  @ApiProperty({ ...details, description: 'What is up or degraded', example: DETAILS })
  info!: Record<string, unknown>;

  @ApiProperty({ ...details, description: 'What is down: nothing', example: {} })
  error!: Record<string, unknown>;

  @ApiProperty({ ...details, description: 'Everything that was looked at', example: DETAILS })
  details!: Record<string, unknown>;
}

/** The process should get no work. */
export class NotReadyAnswer extends ErrorBody {
  @ApiProperty({ example: 'This process should get no work.' })
  declare message: string;

  @ApiProperty({ example: 'not_ready' })
  declare code: string;

  @ApiProperty({
    ...details,
    description: 'Everything that was looked at',
    example: { ...DETAILS, database: { status: 'down', message: 'no write within 2000 ms' } },
  })
  details!: Record<string, unknown>;
}
