import { AsyncLocalStorage } from 'node:async_hooks';
import type { Span } from '@opentelemetry/api';
import { writeTraceparent } from './trace-parent';

const storage = new AsyncLocalStorage<Span>();

/** Runs `work` so that all it sets off belongs to the span. */
export function runInSpan<T>(span: Span, work: () => T): T {
  return storage.run(span, work);
}

/** The span that the running code belongs to; undefined where there is none, and always while traces are off. */
export function currentSpan(): Span | undefined {
  return storage.getStore();
}

/** What later steps continue the current trace with; null where there is none. */
export function currentTraceparent(): string | null {
  const span = storage.getStore();
  return span === undefined ? null : writeTraceparent(span.spanContext());
}

/** Headers that let a callee continue the current trace; none where there is none. */
export function traceHeaders(): Readonly<Record<string, string>> {
  const traceparent = currentTraceparent();
  return traceparent === null ? {} : { traceparent };
}
