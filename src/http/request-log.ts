import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Logger } from '@nestjs/common';

/** Routes that are asked every few seconds, and would drown the log. */
const PROBES = ['/healthz', '/readyz'];

/** Writes one line per request: method, route, status, time and id. */
export function installRequestLog(fastify: FastifyInstance): void {
  const logger = new Logger('Http');
  fastify.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done) => {
    void reply.header('x-request-id', request.id);
    done();
  });
  fastify.addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, done) => {
    const route = request.routeOptions.url ?? 'unmatched';
    const line = {
      method: request.method,
      route,
      status: reply.statusCode,
      duration_ms: Math.round(reply.elapsedTime * 10) / 10,
      request_id: request.id,
    };
    if (PROBES.includes(route)) logger.debug(line, 'request');
    else logger.log(line, 'request');
    done();
  });
}
