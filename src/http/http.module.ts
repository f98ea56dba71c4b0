import { Module, ValidationPipe, type ValidationError } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { ThrottlerModule } from '@nestjs/throttler';
import { Settings } from '../config/settings';
import { ApiError } from './api-error';
import { ErrorFilter } from './error.filter';
import { RequestTimeoutInterceptor } from './request-timeout.interceptor';
import { ThrottleGuard } from './throttle.guard';

/** What holds for every route: error shape, validation, throttling and timeout. */
@Module({
  imports: [
    ThrottlerModule.forRootAsync({
      inject: [Settings],
      useFactory: ({ THROTTLE_LIMIT, THROTTLE_TTL_MS }: Settings) => ({
        throttlers: [{ limit: THROTTLE_LIMIT, ttl: THROTTLE_TTL_MS, skipIf: () => THROTTLE_LIMIT === 0 }],
      }),
    }),
  ],
  providers: [
    ThrottleGuard,
    { provide: APP_GUARD, useExisting: ThrottleGuard },
    { provide: APP_FILTER, useClass: ErrorFilter },
    { provide: APP_INTERCEPTOR, useClass: RequestTimeoutInterceptor },
    {
      provide: APP_PIPE,
      useFactory: () =>
        new ValidationPipe({ transform: true, whitelist: true, exceptionFactory: toApiError }),
    },
  ],
  exports: [ThrottleGuard],
})
export class HttpModule {}

function toApiError(errors: ValidationError[]): ApiError {
  const messages = errors.flatMap((error) => Object.values(error.constraints ?? {}));
  return new ApiError(400, 'invalid_request', messages.join('; ') || 'The request is not valid.');
}
