import { Injectable, ValidationPipe, type Type, type ValidationError } from '@nestjs/common';
import { ApiError } from './api-error';

/** Checks queries and bodies against the classes that handlers declare for them. */
@Injectable()
export class RequestPipe extends ValidationPipe {
  constructor() {
    super({ transform: true, whitelist: true, exceptionFactory: toApiError });
  }

  /** A body may be missing; `null` is one that was sent, and no object. */
  protected override toEmptyIfNil<T, R>(value: T, metatype: Type<unknown> | object): R | object | string {
    if (value === null) throw new ApiError(400, 'invalid_request', 'The body must be a JSON object.');
    return super.toEmptyIfNil(value, metatype);
  }
}

function toApiError(errors: ValidationError[]): ApiError {
  const messages = new Set(errors.flatMap((error) => Object.values(error.constraints ?? {})));
  return new ApiError(400, 'invalid_request', [...messages].join('; ') || 'The request is not valid.');
}
