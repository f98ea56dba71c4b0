import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { throwError, timeout, type Observable } from 'rxjs';
import { Settings } from '../config/settings';
import { ApiError } from './api-error';

/** Answers 503 where a handler takes longer than REQUEST_TIMEOUT_MS. */
@Injectable()
export class RequestTimeoutInterceptor implements NestInterceptor {
  constructor(private readonly settings: Settings) {}

  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const refuse = (): Observable<never> =>
      throwError(() => new ApiError(503, 'timeout', 'This took too long. It may still be done; ask again.'));
    return next.handle().pipe(timeout({ each: this.settings.REQUEST_TIMEOUT_MS, with: refuse }));
  }
}
