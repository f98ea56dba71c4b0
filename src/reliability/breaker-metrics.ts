import { Injectable } from '@nestjs/common';
import { setState } from '../telemetry/metrics/label-sets';
import { MetricsRegistry } from '../telemetry/metrics/metrics-registry';
import type { BreakerState } from './circuit-breaker';
import { CircuitBreakers } from './circuit-breakers';

const STATES: readonly BreakerState[] = ['closed', 'half_open', 'open'];

/** What circuit breakers tell of themselves: the named ones, of which there are as many as the settings name peers. */
@Injectable()
export class BreakerMetrics {
  constructor(breakers: CircuitBreakers, metrics: MetricsRegistry) {
    const state = {
      name: 'circuit_breaker_state',
      help: 'State of each circuit breaker of this process: 1 for the one it is in.',
      labels: ['name', 'state'] as const,
    };
    metrics.gauge(state, (gauge) => {
      for (const breaker of breakers.snapshot()) {
        setState(gauge, { name: breaker.name }, STATES, breaker.state);
        for (const entered of STATES) transitions.inc({ name: breaker.name, state: entered }, 0);
      }
    });
    // Behind the gauge, and so collected after it: the first scrape has the zeros that it sets.
    const transitions = metrics.counter({
      name: 'circuit_breaker_transitions_total',
      help: 'How often a circuit breaker has entered a state.',
      labels: ['name', 'state'] as const,
    });
    breakers.onTransition(({ breaker, to }) => transitions.inc({ name: breaker, state: to }));
  }
}
