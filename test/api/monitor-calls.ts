import type { RunningService } from '../harness/service';
import type { Answer } from '../harness/service-client';
import type { Calls } from './operation-calls';

/** Nobody listens there. */
const URL = 'http://127.0.0.1:9/';

/** An id that nothing has. */
const NOBODY = 'k3hq9zbtmxo0cv5u';

const window = { name: 'Upgrade', starts_at: '2096-01-18T02:00:00Z', ends_at: '2096-01-18T04:00:00Z' };

/**
 * Calls of the operations about monitors.
 *
 * @param service one with MONITORS_FILE and ALLOW_PRIVATE_TARGETS
 * @param other one without
 */
export function monitorCalls(
  service: () => RunningService,
  other: () => RunningService,
): Readonly<Record<string, Calls>> {
  const get = (path: string, method = 'GET'): Promise<Answer> => service().client.get(path, { method });
  const post = (path: string, body?: unknown, method = 'POST'): Promise<Answer> =>
    service().client.post(path, body, {}, method);
  const idOf = async (answer: Promise<Answer>): Promise<string> => String((await answer).body['id']);
  const monitor = (): Promise<string> =>
    idOf(post('/monitors', { name: 'API', url: URL, interval_s: 86_400, severity: 'info' }));
  const windowId = (): Promise<string> => idOf(post('/maintenance-windows', window));
  const beat = (method: string, kind: string): Calls => ({
    success: async () => {
      const heartbeat = { type: 'heartbeat', name: 'Backup', period_s: 60, severity: 'info' };
      const { heartbeat_path } = (await post('/monitors', heartbeat)).body;
      return get(`${String(heartbeat_path)}${kind}`, method);
    },
    failure: () => get(`/heartbeats/${NOBODY}${kind}`, method),
  });
  return {
    'POST /monitors': {
      success: () => post('/monitors', { type: 'heartbeat', name: 'Backup', period_s: 60 }),
      failure: () => post('/monitors', { name: 'API', url: URL, interval_s: 0 }),
    },
    'GET /monitors': {
      success: async () => {
        await post(`/monitors/${await monitor()}/check`);
        return get('/monitors?limit=500');
      },
      failure: () => get('/monitors?limit=0'),
    },
    'GET /monitors/{id}/uptime/history': {
      success: async () => get(`/monitors/${await monitor()}/uptime/history?window=30d`),
      failure: () => get(`/monitors/${NOBODY}/uptime/history`),
    },
    'GET /uptimes': {
      success: async () => get(`/uptimes?monitor_ids=${await monitor()}`),
      failure: () => get('/uptimes?monitor_ids=nobody'),
    },
    'GET /monitors/{id}': {
      success: async () => get(`/monitors/${await monitor()}`),
      failure: () => get(`/monitors/${NOBODY}`),
    },
    'PATCH /monitors/{id}': {
      success: async () => post(`/monitors/${await monitor()}`, { paused: true }, 'PATCH'),
      failure: async () => post(`/monitors/${await monitor()}`, { interval_s: 0 }, 'PATCH'),
    },
    'DELETE /monitors/{id}': {
      success: async () => get(`/monitors/${await monitor()}`, 'DELETE'),
      failure: () => get(`/monitors/${NOBODY}`, 'DELETE'),
    },
    'POST /monitors/{id}/check': {
      success: async () => post(`/monitors/${await monitor()}/check`),
      failure: async () => {
        const id = await idOf(post('/monitors', { name: 'API', url: URL, paused: true }));
        return post(`/monitors/${id}/check`);
      },
    },
    'GET /monitors/{id}/checks': {
      success: async () => {
        const id = await monitor();
        await post(`/monitors/${id}/check`);
        return get(`/monitors/${id}/checks`);
      },
      failure: () => get(`/monitors/${NOBODY}/checks?state=broken`),
    },
    'GET /monitors/{id}/uptime': {
      success: async () => get(`/monitors/${await monitor()}/uptime`),
      failure: () => get(`/monitors/${NOBODY}/uptime?window=1y`),
    },
    'POST /maintenance-windows': {
      success: () => post('/maintenance-windows', window),
      failure: () => post('/maintenance-windows', { ...window, ends_at: window.starts_at }),
    },
    'GET /maintenance-windows': {
      success: async () => {
        await windowId();
        return get('/maintenance-windows');
      },
      failure: () => get('/maintenance-windows?limit=0'),
    },
    'GET /maintenance-windows/{id}': {
      success: async () => get(`/maintenance-windows/${await windowId()}`),
      failure: () => get(`/maintenance-windows/${NOBODY}`),
    },
    'PATCH /maintenance-windows/{id}': {
      success: async () => post(`/maintenance-windows/${await windowId()}`, { name: 'New' }, 'PATCH'),
      failure: async () => post(`/maintenance-windows/${await windowId()}`, { name: '' }, 'PATCH'),
    },
    'DELETE /maintenance-windows/{id}': {
      success: async () => get(`/maintenance-windows/${await windowId()}`, 'DELETE'),
      failure: () => get(`/maintenance-windows/${NOBODY}`, 'DELETE'),
    },
    'POST /heartbeats/{token}': beat('POST', ''),
    'GET /heartbeats/{token}': beat('GET', ''),
    'POST /heartbeats/{token}/start': beat('POST', '/start'),
    'GET /heartbeats/{token}/start': beat('GET', '/start'),
    'POST /heartbeats/{token}/fail': beat('POST', '/fail'),
    'GET /heartbeats/{token}/fail': beat('GET', '/fail'),
    'GET /monitors-file/plan': {
      success: () => get('/monitors-file/plan'),
      failure: () => other().client.get('/monitors-file/plan'),
    },
    'POST /monitors-file/apply': {
      success: () => post('/monitors-file/apply'),
      failure: () => other().client.post('/monitors-file/apply'),
    },
  };
}
