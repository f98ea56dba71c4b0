import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import {
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
  type SpanKind,
  type Tracer,
} from '@opentelemetry/api';
import { currentSpan, runInSpan } from './current-span';
import type { Exporting } from './exporting';
import { readTraceparent } from './trace-parent';

/** How a span is begun. Names of attributes are those of OpenTelemetry's semantic conventions where they have one. */
export interface SpanDescription {
  readonly kind?: SpanKind;
  readonly attributes?: Attributes;
  /** The `traceparent` of the step before this one. Default: the current span. */
  readonly parent?: string | null | undefined;
}

/**
 * Traces: who did what for how long on behalf of one signal, over processes and queues. Spans are made by hand, at the few
 * steps that a signal takes. While traces are off nothing is made and nothing is kept, and every call only runs its work.
 */
@Injectable()
export class Tracing implements OnApplicationShutdown {
  private readonly logger = new Logger('Traces');
  private readonly tracer: Tracer | null;

  /** @param exporting null where traces are off */
  constructor(private readonly exporting: Exporting | null) {
    this.tracer = exporting?.tracer ?? null;
  }

  get isOn(): boolean {
    return this.tracer !== null;
  }

  /** Begins a span that the caller ends; null while traces are off. */
  begin(name: string, { kind, attributes, parent }: SpanDescription = {}): Span | null {
    if (this.tracer === null) return null;
    return this.tracer.startSpan(
      name,
      { ...(kind && { kind }), ...(attributes && { attributes }) },
      contextOf(parent),
    );
  }

  /** Runs `work` within a span of its own, which ends as it does. `span` is null while traces are off. */
  async within<T>(
    name: string,
    description: SpanDescription,
    work: (span: Span | null) => Promise<T>,
  ): Promise<T> {
    const span = this.begin(name, description);
    if (span === null) return work(null);
    try {
      return await runInSpan(span, () => work(span));
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: (error as Error).message });
      throw error;
    } finally {
      span.end();
    }
  }

  /** Notes something that several traces have waited for together, in each of them. Instants in ms since 1970. */
  noteShared(name: string, parents: readonly (string | null)[], from: number, attributes: Attributes): void {
    for (const parent of parents) {
      if (parent === null) continue;
      this.tracer?.startSpan(name, { startTime: from, attributes }, contextOf(parent)).end();
    }
  }

  /** Sends what is not sent yet. */
  async onApplicationShutdown(): Promise<void> {
    try {
      await this.exporting?.stop();
    } catch (error) {
      this.logger.warn({ err: error }, 'the last spans could not be sent');
    }
  }
}

function contextOf(parent: string | null | undefined): Context {
  const known = parent === undefined ? currentSpan()?.spanContext() : readTraceparent(parent);
  return known ? trace.setSpanContext(ROOT_CONTEXT, known) : ROOT_CONTEXT;
}
