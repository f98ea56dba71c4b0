import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { classifyStorageError, StorageUnavailableError } from '../database/storage-error';
import { EncryptionKeyMissingError } from '../secrets/secret-box';
import { ApiError, errorBody, type ErrorDetails } from './api-error';
import { ThrottleGuard } from './throttle.guard';

/** Seconds after which it is worth asking again while the database is away. */
const STORAGE_RETRY_AFTER_S = 1;

/** What is said where a secret cannot be kept. */
export const NO_KEY = 'Secrets cannot be kept: the operator has to set ENCRYPTION_KEY.';

/** How often the log tells why, meanwhile. What became of each request its own line says. */
const STORAGE_LOG_EVERY_MS = 10_000;

/**
 * Turns whatever a request ended with into the one shape of errors. What ended before the throttle saw it (no such
 * route, an unreadable body) counts too: nobody gets to fail for free.
 */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');
  private isStorageLogDueAt = 0;

  constructor(private readonly throttle: ThrottleGuard) {}

  async catch(thrown: unknown, host: ArgumentsHost): Promise<void> {
    const error = classifyStorageError(thrown);
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (this.throttle.hasSeen(request)) return this.answer(error, request, reply);
    try {
      await this.throttle.count(request, reply);
    } catch (refusal) {
      return this.answer(refusal, request, reply);
    }
    this.answer(error, request, reply);
  }

  private answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const { status, details } = describe(error);
    const body = errorBody(status, details, request.id);
    if (status === 500 || this.isStorageLogDue(error, Date.now())) {
      this.logger.error({ err: error, code: body.code, request_id: request.id }, 'a request failed');
    }
    if (reply.sent) return;
    // RFC 9110, section 15.5.2: a 401 says how to do better.
    if (status === 401) reply.header('www-authenticate', 'Bearer');
    if (status === 408) reply.header('connection', 'close');
    const retryAfterS = retryAfterOf(error);
    if (retryAfterS !== undefined) reply.header('retry-after', retryAfterS);
    void reply
      .code(status)
      .header('x-request-id', request.id)
      .header('content-type', 'application/json; charset=utf-8')
      .send(JSON.stringify(body));
  }

  private isStorageLogDue(error: unknown, now: number): boolean {
    if (!(error instanceof StorageUnavailableError) || now < this.isStorageLogDueAt) return false;
    this.isStorageLogDueAt = now + STORAGE_LOG_EVERY_MS;
    return true;
  }
}

function retryAfterOf(error: unknown): number | undefined {
  if (error instanceof StorageUnavailableError) return STORAGE_RETRY_AFTER_S;
  return error instanceof ApiError ? error.retryAfterS : undefined;
}

interface Described {
  readonly status: number;
  readonly details: ErrorDetails;
}

function describe(error: unknown): Described {
  if (error instanceof StorageUnavailableError) {
    const message = 'Nothing can be stored or read right now. Try again.';
    return { status: 503, details: { message, code: 'storage_unavailable' } };
  }
  if (error instanceof EncryptionKeyMissingError) {
    return { status: 503, details: { message: NO_KEY, code: 'encryption_not_configured' } };
  }
  if (error instanceof HttpException) return describeHttpException(error);
  // Fastify's own errors, of which the sender may hear where it is the sender's fault.
  const { statusCode, message } = error as { statusCode?: unknown; message?: unknown };
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return { status: statusCode, details: { message: String(message) } };
  }
  return { status: 500, details: { message: 'Internal server error' } };
}

function describeHttpException(error: HttpException): Described {
  const response = error.getResponse();
  const fields = typeof response === 'string' ? {} : response;
  return { status: error.getStatus(), details: { message: error.message, ...fields } };
}
