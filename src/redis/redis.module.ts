import { Global, Module } from '@nestjs/common';
import { Settings } from '../config/settings';
import { QueueDepths } from './queue-depths';
import { QueueMetrics } from './queue-metrics';
import { Queues } from './queues';
import { RedisConnection } from './redis-connection';

/** Redis for every module that can use one. */
@Global()
@Module({
  providers: [
    {
      provide: RedisConnection,
      inject: [Settings],
      useFactory: (settings: Settings) => RedisConnection.open(settings),
    },
    Queues,
    QueueMetrics,
    QueueDepths,
  ],
  exports: [RedisConnection, Queues],
})
export class RedisModule {}
