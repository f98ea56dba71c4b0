import type { Socket } from 'node:net';
import { Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { traceFieldOf } from './request-trace';
import { runInLogContext, type LogContext } from '../telemetry/log-context';

/** Routes that are asked every few seconds, and would drown the log. */
const PROBES = ['/healthz', '/readyz'];

/** Route configuration of handlers that are called so often that a success is worth no line at level info. */
export const QUIET_LOG = { hasQuietLog: true };

const logger = new Logger('Http');

const contexts = new WeakMap<FastifyRequest, LogContext>();

/** The request that is under way on a connection. */
const underWay = new WeakMap<Socket, FastifyReply>();

/** Names the request in every line that is written on its behalf, and writes one line about the request itself. */
export function installRequestLog(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    underWay.set(request.raw.socket, reply);
    // After every answer that was sent, when it is logged already, and without one where the sender has gone.
    reply.raw.once('close', () => logRequest(reply, null));
    runInLogContext(contextOf(request), done);
  });
  // Once more, because the body's bytes arrive outside of the context.
  fastify.addHook('preValidation', (request, _reply, done) => runInLogContext(contextOf(request), done));
  fastify.addHook('onResponse', (_request, reply, done) => {
    logRequest(reply, reply.statusCode);
    done();
  });
}

/**
 * Logs the answer to bytes that are no request, or not yet a whole one. Returns the id it goes by: that of the
 * request whose body did not come, else `id`.
 */
export function logUnfinished(socket: Socket, status: number, id: string): string {
  const reply = underWay.get(socket);
  if (reply === undefined) {
    logger.log({ method: null, route: 'unmatched', status, request_id: id }, 'request');
    return id;
  }
  logRequest(reply, status);
  return reply.request.id;
}

/** `status` is null where the sender went without waiting for one. */
function logRequest(reply: FastifyReply, status: number | null): void {
  const { request } = reply;
  const context = contextOf(request);
  if (context.isOver) return;
  context.isOver = true;
  const { socket } = request.raw;
  if (underWay.get(socket) === reply) underWay.delete(socket);
  const route = request.routeOptions.url ?? 'unmatched';
  const line = {
    method: request.method,
    route,
    status,
    duration_ms: Math.round(reply.elapsedTime * 10) / 10,
    request_id: request.id,
    ...traceFieldOf(request),
  };
  if (isQuiet(request, route, status)) logger.debug(line, 'request');
  else logger.log(line, 'request');
}

function isQuiet({ routeOptions }: FastifyRequest, route: string, status: number | null): boolean {
  if (PROBES.includes(route)) return true;
  const { hasQuietLog } = routeOptions.config as { hasQuietLog?: boolean };
  return hasQuietLog === true && status !== null && status < 400;
}

function contextOf(request: FastifyRequest): LogContext {
  const known = contexts.get(request);
  if (known !== undefined) return known;
  const context = { requestId: request.id, isOver: false };
  contexts.set(request, context);
  return context;
}
