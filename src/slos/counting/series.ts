import type { CacheState, Objective } from '../model/objective';

/**
 * What is counted by itself, and added up where an objective is about several: requests of one route, by where the
 * answer came from if that is known; all requests; one queue; deliveries. The names are those of the table.
 */
export const ALL_REQUESTS = 'http';

export const DELIVERIES = 'delivery';

/** @param route method and pattern of the path, such as `POST /events` */
export function routeSeries(route: string, cache: CacheState | null): string {
  return cache === null ? `http ${route}` : `http ${route} ${cache}`;
}

export function queueSeries(queue: string): string {
  return `queue ${queue}`;
}

/** The series that an objective is about; none for those that are about minutes of a target. */
export function seriesOf(objective: Objective): readonly string[] {
  switch (objective.kind) {
    case 'availability':
      return objective.routes.flatMap(seriesOfRoute);
    case 'latency': {
      const { routes, cache } = objective;
      return cache === null
        ? routes.flatMap(seriesOfRoute)
        : routes.map((route) => routeSeries(route, cache));
    }
    case 'error_rate':
      return objective.routes === null ? [ALL_REQUESTS] : objective.routes.flatMap(seriesOfRoute);
    case 'queue_latency':
      return [queueSeries(objective.queue)];
    case 'delivery_latency':
      return [DELIVERIES];
    case 'monitor':
    case 'vendor':
      return [];
  }
}

/** All series of a route: what was refused or has failed came from nowhere. */
function seriesOfRoute(route: string): string[] {
  return [null, 'hit' as const, 'miss' as const].map((cache) => routeSeries(route, cache));
}
