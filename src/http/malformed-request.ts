import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { errorBody } from './api-error';
import { requestIdOf } from './request-id';
import { logUnfinished } from './request-log';

/** Statuses for the errors of Node's HTTP parser (https://nodejs.org/api/http.html#event-clienterror). */
const PARSER_STATUS: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

/** Answers bytes that never became a request, or not a whole one in time. */
export function refuseMalformedRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = PARSER_STATUS[error.code ?? ''] ?? 400;
  if (status === 400) refuse(socket, 400, { message: 'This is not valid HTTP.', code: 'malformed_http' });
  else refuse(socket, status, { message: `${STATUS_CODES[status]}.` });
}

/** Answers CONNECT, which Node would leave without an answer: this is no proxy. */
export function refuseTunnel(_request: unknown, socket: Socket): void {
  refuse(socket, 404, { message: 'Cannot CONNECT' });
}

function refuse(socket: Socket, status: number, details: { message: string; code?: string }): void {
  const requestId = logUnfinished(socket, status, requestIdOf({ headers: {} }));
  const body = JSON.stringify(errorBody(status, details, requestId));
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n` +
      `Content-Type: application/json; charset=utf-8\r\nx-request-id: ${requestId}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
