import { Module } from '@nestjs/common';
import { CircuitBreakers } from './circuit-breakers';

/**
 * The circuit breakers. An HttpClient is made by whoever sends, so that every destination and kind of source has
 * connections of its own.
 */
@Module({ providers: [CircuitBreakers], exports: [CircuitBreakers] })
export class ReliabilityModule {}
