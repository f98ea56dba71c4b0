import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from './api-error';

const RETRY_AFTER_S = 1;

/**
 * Answers for a request that takes longer than it may: 408 while it has not come whole, 503 after that. Fastify's
 * own `handlerTimeout` makes and aborts an AbortController for every request, which costs a quarter of the time of
 * taking a webhook.
 */
export function installRequestTimeout(fastify: FastifyInstance, timeoutMs: number): void {
  const timers = new WeakMap<FastifyRequest, NodeJS.Timeout>();
  const clear = (request: FastifyRequest): void => clearTimeout(timers.get(request));
  fastify.addHook('onRequest', (request, reply, done) => {
    const answer = (): void => {
      if (!reply.sent) void reply.send(timeoutOf(request));
    };
    // Where the caller has gone while it was worked at, neither hook below is called: the process waits for no such timer.
    timers.set(request, setTimeout(answer, timeoutMs).unref());
    done();
  });
  fastify.addHook('onResponse', (request, _reply, done) => {
    clear(request);
    done();
  });
  fastify.addHook('onRequestAbort', (request, done) => {
    clear(request);
    done();
  });
}

function timeoutOf(request: FastifyRequest): ApiError {
  if (!request.raw.complete) {
    return new ApiError(408, 'request_timeout', 'The request did not come whole in time.');
  }
  const message = 'This took too long. It may still be done; ask again.';
  return new ApiError(503, 'timeout', message, { retryAfterS: RETRY_AFTER_S });
}
