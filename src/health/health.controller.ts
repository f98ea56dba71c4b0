import { Controller, Get, ServiceUnavailableException } from '@nestjs/common';
import {
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';
import { HealthCheckService, type HealthCheckResult } from '@nestjs/terminus';
import { SkipThrottle } from '@nestjs/throttler';
import { NeedsNothing } from '../accounts/needs';
import { ApiError } from '../http/api-error';
import { Readiness } from './readiness';
import { NotReadyAnswer, ReadyAnswer } from './readiness-answers';

/** The process is alive. */
export class Liveness {
  @ApiProperty({ example: true })
  ok!: true;
}

/** What Kubernetes and load balancers ask. */
@ApiTags('health')
@Controller()
@SkipThrottle()
@NeedsNothing()
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly readiness: Readiness,
  ) {}

  /** Says only that the event loop turns: a restart mends nothing else. Stays 200 while the process stops. */
  @Get('healthz')
  @ApiOperation({ summary: 'Liveness' })
  @ApiOkResponse({ type: Liveness })
  live(): Liveness {
    return { ok: true };
  }

  @Get('readyz')
  @ApiOperation({
    summary: 'Readiness',
    description:
      'Database writable (or Redis takes events), migrations applied, not stopping. Details on roles, queues, sources, monitors, breakers and deliveries.',
  })
  @ApiOkResponse({ type: ReadyAnswer })
  @ApiServiceUnavailableResponse({ type: NotReadyAnswer, description: '`not_ready`; `details` says why' })
  async ready(): Promise<HealthCheckResult> {
    try {
      return await this.health.check([
        () => this.readiness.accepting(),
        () => this.readiness.roles(),
        () => this.readiness.databaseWritable(),
        () => this.readiness.queues(),
        () => this.readiness.deliveries(),
        () => this.readiness.circuitBreakers(),
        () => this.readiness.sources(),
        () => this.readiness.monitors(),
      ]);
    } catch (cause) {
      if (!(cause instanceof ServiceUnavailableException)) throw cause;
      const { details } = cause.getResponse() as HealthCheckResult;
      throw new ApiError(503, 'not_ready', 'This process should get no work.', {
        fields: { details },
        cause,
      });
    }
  }
}
