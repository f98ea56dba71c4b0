import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { StorageUnavailableError } from '../database/storage-error';
import { codeOfStatus, phraseOf, type ErrorBody } from './api-error';

/** Seconds after which it is worth asking again while the database is away. */
const STORAGE_RETRY_AFTER_S = 1;

/** Turns whatever a request ended with into the one shape of errors. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const { status, body: fields } = describe(error);
    if (status >= 500 && !(error instanceof HttpException)) {
      this.logger.error({ err: error, code: fields.code, request_id: request.id }, 'a request failed');
    }
    if (error instanceof StorageUnavailableError) reply.header('retry-after', STORAGE_RETRY_AFTER_S);
    if (reply.sent) return;
    const body: ErrorBody = { ...fields, statusCode: status, error: phraseOf(status), requestId: request.id };
    void reply
      .code(status)
      .header('content-type', 'application/json; charset=utf-8')
      .send(JSON.stringify(body));
  }
}

interface Described {
  readonly status: number;
  readonly body: { readonly message: string | string[]; readonly code: string };
}

function describe(error: unknown): Described {
  if (error instanceof StorageUnavailableError) {
    const message = 'Nothing can be stored or read right now. Try again.';
    return { status: 503, body: { message, code: 'storage_unavailable' } };
  }
  if (error instanceof HttpException) return describeHttpException(error);
  const { statusCode, message } = error as { statusCode?: unknown; message?: unknown };
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return { status: statusCode, body: { message: String(message), code: codeOfStatus(statusCode) } };
  }
  return { status: 500, body: { message: 'Internal server error', code: 'internal_error' } };
}

function describeHttpException(error: HttpException): Described {
  const status = error.getStatus();
  const response = error.getResponse();
  const fields = typeof response === 'string' ? {} : { ...response, statusCode: undefined, error: undefined };
  return { status, body: { message: error.message, code: codeOfStatus(status), ...fields } };
}
