import { PAGERDUTY } from '../../src/destinations/operators-pagerduty';
import type { RouteFields } from '../../src/routing/route-fields';
import type { RunningService } from '../harness/service';

/** Gives an account one route, for all events, in the place of all that it had. Without `to` it leads to PagerDuty. */
export async function setOnlyRoute(
  { client }: Pick<RunningService, 'client'>,
  account_id: string,
  fields: Partial<RouteFields>,
): Promise<void> {
  const routes = [{ name: 'All', to: [PAGERDUTY], ...fields }];
  const { status, body } = await client.post('/routes', { account_id, routes }, {}, 'PUT');
  if (status !== 200) throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
}

/** An instant so many milliseconds ahead, as a route takes it. */
export function ahead(ms: number): string {
  return new Date(Date.now() + ms).toISOString();
}
