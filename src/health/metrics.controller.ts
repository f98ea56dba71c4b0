import { Controller, Get, Headers, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import type { FastifyReply } from 'fastify';
import { Needs } from '../accounts/needs';
import { QUIET_LOG } from '../http/request-log';
import { chooseFormat, CONTENT_TYPES } from '../telemetry/metrics/exposition';
import { MetricsRegistry } from '../telemetry/metrics/metrics-registry';

const EXAMPLE = `# HELP events_ingested_total New events that are stored.
# TYPE events_ingested_total counter
events_ingested_total{source="stripe",kind="payment",severity="critical"} 3
`;

const CONTENT = { schema: { type: 'string' }, example: EXAMPLE } as const;

/** What Prometheus scrapes. */
@ApiTags('health')
@Controller('metrics')
@SkipThrottle()
@Needs('metrics')
export class MetricsController {
  constructor(private readonly metrics: MetricsRegistry) {}

  /** What the process knows by itself: no scrape asks the database. */
  @Get()
  @RouteConfig(QUIET_LOG)
  @ApiOperation({
    summary: 'Metrics of this process',
    description:
      "Prometheus' text format, or OpenMetrics where `Accept` prefers it. `docs/metrics.md` lists them.",
  })
  @ApiOkResponse({
    description: 'Every metric',
    content: { 'text/plain': CONTENT, 'application/openmetrics-text': CONTENT },
  })
  async show(
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const format = chooseFormat(accept);
    void reply.header('content-type', CONTENT_TYPES[format]);
    return this.metrics.render(format);
  }
}
