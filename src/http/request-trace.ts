import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { SpanKind, SpanStatusCode, type Span } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { runInSpan } from '../telemetry/tracing/current-span';
import { Tracing } from '../telemetry/tracing/tracing';
import { RequestObserver, type RequestEnd } from './request-observer';

/** Asked every few seconds, and about nobody's signal. */
const UNTRACED = ['/healthz', '/readyz', '/metrics'];

const spans = new WeakMap<FastifyRequest, Span>();

/** The trace that a request belongs to, as a field for its line in the log. */
export function traceFieldOf(request: FastifyRequest): object {
  const span = spans.get(request);
  return span === undefined ? {} : { trace_id: span.spanContext().traceId };
}

/** Gives every request a span, which continues the trace of the sender's `traceparent` where there is one. */
@Injectable()
export class RequestTrace implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly tracing: Tracing,
    private readonly observer: RequestObserver,
  ) {}

  onModuleInit(): void {
    if (!this.tracing.isOn) return;
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onRequest', (request, _reply, done) => {
      const span = this.begin(request);
      if (span === null) return done();
      spans.set(request, span);
      runInSpan(span, done);
    });
    // Once more, because the body's bytes arrive outside of the context.
    fastify.addHook('preValidation', (request, _reply, done) => {
      const span = spans.get(request);
      if (span === undefined) return done();
      runInSpan(span, done);
    });
    this.observer.observe((end) => this.end(end));
  }

  private begin(request: FastifyRequest): Span | null {
    const route = request.routeOptions.url ?? 'unmatched';
    if (UNTRACED.includes(route)) return null;
    const { traceparent } = request.headers;
    return this.tracing.begin(`${request.method} ${route}`, {
      kind: SpanKind.SERVER,
      parent: typeof traceparent === 'string' ? traceparent : null,
      attributes: {
        'http.request.method': request.method,
        'http.route': route,
        'signalbox.request_id': request.id,
      },
    });
  }

  private end({ request, status }: RequestEnd): void {
    const span = spans.get(request);
    if (span === undefined) return;
    if (status !== null) span.setAttribute('http.response.status_code', status);
    if (status === null || status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  }
}
