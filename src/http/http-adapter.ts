import { createServer, type RequestListener, type Server } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Settings } from '../config/settings';
import { ApiError, errorBody } from './api-error';
import { installBodyParser } from './body-parser';
import { installClosing } from './closing';
import { refuseMalformedRequest, refuseTunnel } from './malformed-request';
import { requestIdOf } from './request-id';
import { installRequestLog, logUnfinished } from './request-log';
import { installRoleGate } from './role-gate';
import { installRequestTimeout } from './request-timeout';

/** Largest request body, in bytes. */
export const MAX_BODY_BYTES = 1_048_576;

/** How often stalled connections are looked for; Node's default of 30 s would let them live that much longer. */
const CONNECTION_CHECK_MS = 1_000;

/** Longer than load balancers keep idle connections (mostly 60 s), so that it is not us who closes under them. */
const KEEP_ALIVE_MS = 72_000;

/**
 * No limit of its own for parts of a path: Node bounds the whole head of a request to 16 KiB. Fastify's default
 * of 100 characters would hide events with long ids.
 */
const MAX_PARAM_LENGTH = 16_384;

/** The HTTP server: Fastify, with bounds on what a sender may send and how long that may take. */
export function createHttpAdapter(settings: Settings): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES,
    genReqId: requestIdOf,
    trustProxy: trustProxy(settings.TRUST_PROXY),
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    // What comes on open connections while the server closes is still answered, and each connection then closed.
    return503OnClosing: false,
    clientErrorHandler: refuseMalformedRequest,
    frameworkErrors: refuseMalformedUrl,
    serverFactory: (handler: RequestListener) => createBoundedServer(handler, settings.REQUEST_TIMEOUT_MS),
  });
  const fastify = adapter.getInstance();
  installRequestLog(fastify);
  installRequestTimeout(fastify, settings.REQUEST_TIMEOUT_MS);
  installHostCheck(fastify);
  installRoleGate(fastify, settings);
  installBodyParser(fastify);
  installClosing(fastify, settings);
  return adapter;
}

/** Fastify sets no such timeouts on the server that it makes itself. */
function createBoundedServer(handler: RequestListener, timeoutMs: number): Server {
  const server = createServer(
    {
      requestTimeout: timeoutMs,
      headersTimeout: timeoutMs,
      connectionsCheckingInterval: Math.min(CONNECTION_CHECK_MS, timeoutMs),
      keepAliveTimeout: KEEP_ALIVE_MS,
      // Node's own refusals would have no body; see installHostCheck.
      requireHostHeader: false,
    },
    handler,
  );
  server.on('checkExpectation', handler);
  server.on('connect', refuseTunnel);
  return server;
}

/** A number means that many proxies, nearest first. */
function trustProxy(
  setting: Settings['TRUST_PROXY'],
): boolean | string | ((address: string, hop: number) => boolean) {
  return typeof setting === 'number' ? (_address, hop) => hop < setting : setting;
}

/** RFC 9112, section 3.2: a request without Host is a 400 in HTTP/1.1, and possible in HTTP/1.0. */
function installHostCheck(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const isMissing = request.headers.host === undefined && request.raw.httpVersion !== '1.0';
    done(isMissing ? new ApiError(400, 'malformed_http', 'The Host header is missing.') : undefined);
  });
}

/** Answers where the router cannot read the URL: no handler, hook or filter sees such a request. */
function refuseMalformedUrl(_error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const details = { message: 'The URL is not validly percent-encoded.', code: 'malformed_url' };
  logUnfinished(request.raw.socket, 400, request.id);
  void reply
    .code(400)
    .header('x-request-id', request.id)
    .header('content-type', 'application/json; charset=utf-8')
    .send(JSON.stringify(errorBody(400, details, request.id)));
}
