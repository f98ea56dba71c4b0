import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { ThrottlerModule } from '@nestjs/throttler';
import { Settings } from '../config/settings';
import { RedisConnection } from '../redis/redis-connection';
import { RedisModule } from '../redis/redis.module';
import { TelemetryModule } from '../telemetry/telemetry.module';
import { ErrorFilter } from './error.filter';
import { HttpMetrics } from './http-metrics';
import { RequestObserver } from './request-observer';
import { RequestTrace } from './request-trace';
import { RequestPipe } from './request.pipe';
import { SharedThrottlerStorage } from './shared-throttler-storage';
import { ThrottleGuard } from './throttle.guard';

/** What holds for every route: error shape, validation, throttling and timeout. */
@Module({
  imports: [
    TelemetryModule,
    ThrottlerModule.forRootAsync({
      imports: [RedisModule],
      inject: [Settings, RedisConnection],
      useFactory: ({ THROTTLE_LIMIT, THROTTLE_TTL_MS }: Settings, redis: RedisConnection) => ({
        throttlers: [{ limit: THROTTLE_LIMIT, ttl: THROTTLE_TTL_MS, skipIf: () => THROTTLE_LIMIT === 0 }],
        storage: new SharedThrottlerStorage(redis),
      }),
    }),
  ],
  providers: [
    ThrottleGuard,
    RequestObserver,
    HttpMetrics,
    RequestTrace,
    { provide: APP_GUARD, useExisting: ThrottleGuard },
    { provide: APP_FILTER, useClass: ErrorFilter },
    { provide: APP_PIPE, useClass: RequestPipe },
  ],
  exports: [ThrottleGuard, RequestObserver],
})
export class HttpModule {}
