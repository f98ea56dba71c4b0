import { randomUUID } from 'node:crypto';
import type { RunningService } from '../harness/service';
import type { Answer } from '../harness/service-client';
import type { Calls } from './operation-calls';

const EVENT = { source: 'app', service: 'shop', kind: 'incident', severity: 'critical', type: 'outage' };

const everything = (): object => ({
  name: `route ${randomUUID()}`,
  match: {
    source: ['app'],
    service: ['shop*'],
    type: ['outage'],
    kind: ['incident'],
    severity: ['critical'],
    time: { days: ['mon'], from: '09:00', to: '17:00', timezone: 'UTC' },
  },
  to: ['pagerduty'],
});

/** Calls of the operations about routes. */
export function routeCalls(service: () => RunningService): Readonly<Record<string, Calls>> {
  const get = (path: string, method = 'GET'): Promise<Answer> => service().client.get(path, { method });
  const post = (path: string, body: unknown, method = 'POST'): Promise<Answer> =>
    service().client.post(path, body, {}, method);
  const route = async (): Promise<string> => String((await post('/routes', everything())).body['id']);
  return {
    'POST /routes': {
      success: () => post('/routes', everything()),
      failure: () => post('/routes', { name: 'nowhere' }),
    },
    'GET /routes': {
      success: async () => {
        await route();
        return get('/routes');
      },
      failure: () => get('/routes?account_id=-'),
    },
    'PUT /routes': {
      success: () => post('/routes', { routes: [everything()] }, 'PUT'),
      failure: () => post('/routes', { routes: [{}] }, 'PUT'),
    },
    'GET /routes/{id}': {
      success: async () => get(`/routes/${await route()}`),
      failure: () => get('/routes/route-of-nobody'),
    },
    'PATCH /routes/{id}': {
      success: async () => post(`/routes/${await route()}`, { enabled: false }, 'PATCH'),
      failure: () => post('/routes/route-of-nobody', {}, 'PATCH'),
    },
    'DELETE /routes/{id}': {
      success: async () => get(`/routes/${await route()}`, 'DELETE'),
      failure: () => get('/routes/route-of-nobody', 'DELETE'),
    },
    'POST /routes/explain': {
      success: async () => {
        const routes = [everything(), { name: 'other', match: { kind: ['payment'] }, to: [] }];
        const { body } = await post('/events', {
          account_id: 'default',
          type: 'x',
          user_id: 'u',
          kind: 'incident',
          severity: 'critical',
          timestamp: '2026-01-15T10:40:00Z',
        });
        const [event_id] = body['event_ids'] as string[];
        return post('/routes/explain', { event_id, routes });
      },
      failure: () => post('/routes/explain', { event: { ...EVENT, severity: 'bad' } }),
    },
    'POST /routes/preview': {
      success: () => post('/routes/preview', { routes: [{ name: 'silence', to: [] }] }),
      failure: () => post('/routes/preview', { routes: [], days: 0 }),
    },
  };
}
