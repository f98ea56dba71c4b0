import type { Environment } from '../../src/config/settings';
import type { Answer, ShownEvent as ListedEvent } from '../harness/service-client';
import { startService, type RunningService } from '../harness/service';
import type { PageServer } from './page-server';

/** The answer of a pull, whatever its status. */
export interface Pulled {
  readonly fetched: Record<string, number>;
  readonly stored: number;
  readonly routed: number;
  readonly updated: number;
  readonly resolved: number;
  readonly errors?: readonly { page: string; source: string; code: string; message: string }[];
  readonly warning?: string;
}

/** An event as GET /events shows it, with what matters about pages. */
export interface ShownEvent extends ListedEvent {
  readonly type: string;
  readonly service: string;
  readonly started_at: string;
  readonly updated_at: string;
}

/** The service with the given pages of a status server, which it reads only when told to. */
export function startWithPages(
  server: PageServer,
  pages: readonly string[],
  environment: Environment = {},
): Promise<RunningService> {
  return startService({
    ...polledByHand(server, pages),
    ...environment,
  });
}

/** Starts a service that was stopped, on its data. */
export function startAgain(service: RunningService, changes: Environment = {}): Promise<RunningService> {
  return startService({ ...service.environment, ...changes });
}

/** In production, pages without a URL are not read, so that there are none but those of the server. */
function polledByHand(server: PageServer, pages: readonly string[]): Environment {
  return {
    NODE_ENV: 'production',
    STATUS_PAGES: pages.map((name) => `${name}=${server.summaryUrl(name)}`).join(','),
    STATUS_POLL_CRON: NEVER,
  };
}

/** Not within the time a test takes, unless it runs on a leap day. */
export const NEVER = '0 0 29 2 *';

export function pull(service: RunningService): Promise<Answer<Pulled>> {
  return service.client.post<Pulled>('/ingest/pull-status');
}

/** Every stored event, by id. */
export async function eventsOf(service: RunningService, query = ''): Promise<ShownEvent[]> {
  const events = (await service.client.events(`?limit=500${query}`)) as ShownEvent[];
  return [...events].sort((one, other) => (one.event_id < other.event_id ? -1 : 1));
}
