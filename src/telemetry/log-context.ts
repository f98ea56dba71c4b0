import { AsyncLocalStorage } from 'node:async_hooks';

/** What every line of the log carries that is written on behalf of one request. */
export interface LogContext {
  readonly fields: { readonly request_id: string };
  /** Work that a request has started and that outlives it (a delivery, say) is no longer its own. */
  isOver: boolean;
}

const storage = new AsyncLocalStorage<LogContext>();

/** Makes the context of a request. */
export function logContext(requestId: string): LogContext {
  return { fields: { request_id: requestId }, isOver: false };
}

/** Runs `work`, and all that it starts, so that its log lines carry the context's fields. */
export function runInLogContext<T>(context: LogContext, work: () => T): T {
  return storage.run(context, work);
}

/** The fields for a line that is written now. */
export function contextFields(): object {
  const context = storage.getStore();
  return context === undefined || context.isOver ? {} : context.fields;
}
