import type { RunningService } from '../harness/service';
import type { Calls } from './operation-calls';

/** Calls of the operations about objectives. */
export function sloCalls(service: () => RunningService): Readonly<Record<string, Calls>> {
  const call = (path: string) => () => service().client.get(path);
  const put = (objectives: unknown) => () => service().client.post('/objectives', { objectives }, {}, 'PUT');
  return {
    'GET /slos': { success: call('/slos?limit=500'), failure: call('/slos?cursor=none') },
    'GET /slos/{id}': { success: call('/slos/events-availability'), failure: call('/slos/none') },
    'GET /objectives': { success: call('/objectives'), failure: call('/objectives?account_id=-') },
    'PUT /objectives': {
      success: put([{ id: 'error-rate', objective: 0.99 }]),
      failure: put([{ id: 'error-rate', objective: 2 }]),
    },
    'GET /reports/slo': { success: call('/reports/slo?window=30d'), failure: call('/reports/slo?window=1y') },
    'GET /reports/vendors': {
      success: call('/reports/vendors'),
      failure: call('/reports/vendors?window=1y'),
    },
  };
}
