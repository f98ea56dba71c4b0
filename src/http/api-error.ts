import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';

/** The one shape of every error answer: Nest's own fields, a code for programs and the request's id for people. */
export class ErrorBody {
  @ApiProperty({ example: 400 })
  statusCode!: number;

  @ApiProperty({ example: 'Bad Request' })
  error!: string;

  @ApiProperty({ example: 'limit must be a whole number from 1 to 500' })
  message!: string;

  @ApiProperty({ description: 'One of a closed set of words, for programs', example: 'invalid_request' })
  code!: string;

  @ApiProperty({ example: '0199b1c2-6c1f-7a52-9d0e-0c7f6f3f0a11' })
  requestId!: string;
}

/** Words for statuses that no handler gave a code of its own. */
const CODES: Readonly<Record<number, string>> = {
  400: 'invalid_request',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'request_timeout',
  409: 'conflict',
  413: 'body_too_large',
  414: 'uri_too_long',
  415: 'unsupported_media_type',
  429: 'too_many_requests',
  431: 'headers_too_large',
  500: 'internal_error',
  502: 'bad_gateway',
  503: 'unavailable',
};

/** The code for a status. */
function codeOfStatus(status: number): string {
  return CODES[status] ?? (status < 500 ? 'invalid_request' : 'internal_error');
}

/** What an error answer says, besides what follows from its status. */
export interface ErrorDetails {
  readonly message: string;
  /** The status's own where there is none. */
  readonly code?: string;
  readonly [field: string]: unknown;
}

/** The one shape of errors; `details` may bring further fields. */
export function errorBody(status: number, details: ErrorDetails, requestId: string): ErrorBody {
  const { message, code = codeOfStatus(status), ...further } = details;
  return { statusCode: status, error: STATUS_CODES[status] ?? 'Error', message, code, requestId, ...further };
}

/** What an `ApiError` may bring besides its code and message. */
export interface ApiErrorOptions {
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
  /** Seconds after which the same request is worth another try: the answer's Retry-After. */
  readonly retryAfterS?: number;
}

/** An error answer with a code, and possibly further fields. */
export class ApiError extends HttpException {
  readonly retryAfterS: number | undefined;

  constructor(
    status: number,
    readonly code: string,
    message: string,
    options: ApiErrorOptions = {},
  ) {
    super({ message, code, ...options.fields }, status, { cause: options.cause });
    this.retryAfterS = options.retryAfterS;
  }
}
