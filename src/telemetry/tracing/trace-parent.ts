import { isSpanContextValid, type SpanContext } from '@opentelemetry/api';

/** W3C Trace Context, section 3.2: version, trace id, id of the caller's span, flags; later versions may add to it. */
const TRACEPARENT = /^(?!ff)([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/;

/** Reads a `traceparent`; null where there is none, or nothing that can be read. */
export function readTraceparent(text: string | undefined | null): SpanContext | null {
  const [, version, traceId = '', spanId = '', flags = '', more] = TRACEPARENT.exec(text ?? '') ?? [];
  if (version === '00' && more !== undefined) return null;
  const parent = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return isSpanContextValid(parent) ? parent : null;
}

/** What a callee, or a later step of the same trace, gets. */
export function writeTraceparent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}
