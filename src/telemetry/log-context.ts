import { AsyncLocalStorage } from 'node:async_hooks';
import { currentSpan } from './tracing/current-span';

/** On whose behalf log lines are written. */
export interface LogContext {
  readonly requestId: string;
  /** Work that a request has set off and that outlives it (a delivery, say) is no longer its own. */
  isOver: boolean;
}

const storage = new AsyncLocalStorage<LogContext>();

/** Runs `work` so that every line that it, and all it sets off, writes until the context is over names the request. */
export function runInLogContext(context: LogContext, work: () => void): void {
  storage.run(context, work);
}

/** The fields for a line that is written now. */
export function contextFields(): object {
  const context = storage.getStore();
  const request = context === undefined || context.isOver ? {} : { request_id: context.requestId };
  const span = currentSpan();
  return span === undefined ? request : { ...request, trace_id: span.spanContext().traceId };
}
