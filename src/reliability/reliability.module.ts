import { Module } from '@nestjs/common';
import { BreakerMetrics } from './breaker-metrics';
import { CircuitBreakers } from './circuit-breakers';

/**
 * The circuit breakers. An HttpClient is made by whoever sends, so that every destination and kind of source has
 * connections of its own.
 */
@Module({ providers: [BreakerMetrics, CircuitBreakers], exports: [CircuitBreakers] })
export class ReliabilityModule {}
