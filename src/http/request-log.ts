import { Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { runInLogContext, type LogContext } from '../telemetry/log-context';

/** Routes that are asked every few seconds, and would drown the log. */
const PROBES = ['/healthz', '/readyz'];

declare module 'fastify' {
  interface FastifyRequest {
    logContext: LogContext;
  }
}

/** Names the request in every line that is written on its behalf, and writes one line about the request itself. */
export function installRequestLog(fastify: FastifyInstance): void {
  fastify.decorateRequest('logContext');
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    request.logContext = { requestId: request.id, isOver: false };
    runInLogContext(request.logContext, done);
  });
  // Once more, because the body's bytes arrive outside of the context.
  fastify.addHook('preValidation', (request, _reply, done) => runInLogContext(request.logContext, done));
  fastify.addHook('onResponse', (request, reply, done) => {
    logRequest(request, reply);
    request.logContext.isOver = true;
    done();
  });
}
