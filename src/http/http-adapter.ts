import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Settings } from '../config/settings';
import { codeOfStatus, phraseOf } from './api-error';
import { installBodyParser } from './body-parser';
import { requestIdOf } from './request-id';
import { installRequestLog } from './request-log';

/** Largest request body, in bytes. */
export const MAX_BODY_BYTES = 1_048_576;

/** How often stalled connections are looked for; Node's default of 30 s would let them live that much longer. */
const CONNECTION_CHECK_MS = 1_000;

/** An event id of 1,024 bytes, each of them percent-encoded. */
const MAX_PARAM_LENGTH = 3_072;

/** The HTTP server: Fastify, with bounds on what a sender may send and how long that may take. */
export function createHttpAdapter(settings: Settings): FastifyAdapter {
  const timeoutMs = settings.REQUEST_TIMEOUT_MS;
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES,
    genReqId: requestIdOf,
    trustProxy: trustProxy(settings.TRUST_PROXY),
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    clientErrorHandler: refuseMalformedRequest,
    // Fastify sets no such timeouts on the server that it makes itself.
    serverFactory: (handler: RequestListener): Server =>
      createServer(
        {
          requestTimeout: timeoutMs,
          headersTimeout: timeoutMs,
          connectionsCheckingInterval: Math.min(CONNECTION_CHECK_MS, timeoutMs),
        },
        handler,
      ),
  });
  const fastify = adapter.getInstance();
  installRequestLog(fastify);
  installBodyParser(fastify);
  return adapter;
}

/** A number means that many proxies, nearest first. */
function trustProxy(
  setting: Settings['TRUST_PROXY'],
): boolean | string | ((address: string, hop: number) => boolean) {
  return typeof setting === 'number' ? (_address, hop) => hop < setting : setting;
}

/** Statuses for the errors of Node's HTTP parser (https://nodejs.org/api/http.html#event-clienterror). */
const CLIENT_ERROR_STATUS: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

/** Answers bytes that never became a request, in the one shape of errors. */
function refuseMalformedRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = CLIENT_ERROR_STATUS[error.code ?? ''] ?? 400;
  const requestId = requestIdOf({ headers: {} });
  const body = JSON.stringify({
    statusCode: status,
    error: phraseOf(status),
    message: status === 400 ? 'This is not valid HTTP.' : phraseOf(status),
    code: status === 400 ? 'malformed_http' : codeOfStatus(status),
    requestId,
  });
  socket.end(
    `HTTP/1.1 ${status} ${phraseOf(status)}\r\nConnection: close\r\nContent-Type: application/json\r\n` +
      `x-request-id: ${requestId}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
