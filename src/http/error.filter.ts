import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { classifyStorageError, StorageUnavailableError } from '../database/storage-error';
import { errorBody, type ErrorDetails } from './api-error';
import { ThrottleGuard } from './throttle.guard';

/** Seconds after which it is worth asking again while the database is away. */
const STORAGE_RETRY_AFTER_S = 1;

/**
 * Turns whatever a request ended with into the one shape of errors. What ended before the throttle saw it (no such
 * route, an unreadable body) counts too: nobody gets to fail for free.
 */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

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
    if (status === 500 || error instanceof StorageUnavailableError) {
      this.logger.error({ err: error, code: body.code, request_id: request.id }, 'a request failed');
    }
    if (reply.sent) return;
    if (status === 408) reply.header('connection', 'close');
    if (error instanceof StorageUnavailableError) reply.header('retry-after', STORAGE_RETRY_AFTER_S);
    void reply
      .code(status)
      .header('x-request-id', request.id)
      .header('content-type', 'application/json; charset=utf-8')
      .send(JSON.stringify(body));
  }
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
