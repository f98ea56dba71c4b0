import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { diag, DiagLogLevel, type Tracer } from '@opentelemetry/api';
import type { Settings } from '../../config/settings';
import { VERSION } from '../../config/version';

/** Where spans go. */
export interface Exporting {
  readonly tracer: Tracer;
  /** Sends what is left, as far as that is done soon, and ends. */
  stop(): Promise<void>;
}

/** A process that stops does not wait longer for a collector that is slow or away, in milliseconds. */
const STOP_WAIT_MS = 1_000;

/** A collector that is away is told of no more often. */
const TELL_EVERY_MS = 60_000;

/** Where traces are sent below OTEL_EXPORTER_OTLP_ENDPOINT (OTLP specification, "OTLP/HTTP Request"). */
const TRACES_PATH = 'v1/traces';

/**
 * Starts to send spans to OTEL_EXPORTER_OTLP_ENDPOINT, as OTLP over HTTP in batches; null where that is not set. The SDK
 * is loaded only here, so that it costs nothing where traces are off. It reads further `OTEL_…` variables by itself, such
 * as OTEL_EXPORTER_OTLP_HEADERS, OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG.
 */
export async function startExporting(settings: Settings): Promise<Exporting | null> {
  const endpoint = settings.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined) return null;
  const { BasicTracerProvider, BatchSpanProcessor } = await import('@opentelemetry/sdk-trace-base');
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const { resourceFromAttributes } = await import('@opentelemetry/resources');
  tellOfTrouble();
  const url = new URL(TRACES_PATH, endpoint.endsWith('/') ? endpoint : `${endpoint}/`).href;
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({
      'service.name': 'signalbox',
      'service.version': VERSION,
      'signalbox.roles': [...settings.ROLES],
    }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url }))],
  });
  return {
    tracer: provider.getTracer('signalbox', VERSION),
    stop: () => Promise.race([provider.shutdown(), sleep(STOP_WAIT_MS, undefined, { ref: false })]),
  };
}

/** What the SDK has to say, in the log: a collector that is away loses spans, and harms nothing else. */
function tellOfTrouble(): void {
  const logger = new Logger('Traces');
  let toldAt = -Infinity;
  const tell = (fault: string): void => {
    if (performance.now() - toldAt < TELL_EVERY_MS) return;
    toldAt = performance.now();
    logger.warn({ fault }, 'spans could not be sent');
  };
  const ignore = (): void => undefined;
  const levels = { error: tell, warn: ignore, info: ignore, debug: ignore, verbose: ignore };
  diag.setLogger(levels, { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true });
}
