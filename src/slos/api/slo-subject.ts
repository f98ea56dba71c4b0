import { ApiProperty } from '@nestjs/swagger';
import { CACHE_STATES, type CacheState, type Objective } from '../model/objective';

/** What an objective is about. What does not apply is null. */
export class SloSubjectView {
  @ApiProperty({ type: [String], nullable: true, description: 'Null for all', example: ['POST /events'] })
  routes!: readonly string[] | null;

  @ApiProperty({ type: Number, nullable: true, description: 'What takes less is good, in ms', example: null })
  below_ms!: number | null;

  @ApiProperty({ enum: CACHE_STATES, nullable: true, description: 'Null for both', example: null })
  cache!: CacheState | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  queue!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Its id', example: null })
  monitor!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Its name', example: null })
  vendor!: string | null;
}

const NOTHING: SloSubjectView = {
  ...{ routes: null, below_ms: null, cache: null },
  ...{ queue: null, monitor: null, vendor: null },
};

/** What an objective is about, as the API shows it. */
export function subjectOf(objective: Objective): SloSubjectView {
  switch (objective.kind) {
    case 'availability':
    case 'error_rate':
      return { ...NOTHING, routes: objective.routes };
    case 'latency': {
      const { routes, below_ms, cache } = objective;
      return { ...NOTHING, routes, below_ms, cache };
    }
    case 'queue_latency':
      return { ...NOTHING, queue: objective.queue, below_ms: objective.below_ms };
    case 'delivery_latency':
      return { ...NOTHING, below_ms: objective.below_ms };
    case 'monitor':
      return { ...NOTHING, monitor: objective.monitor };
    case 'vendor':
      return { ...NOTHING, vendor: objective.vendor };
  }
}
