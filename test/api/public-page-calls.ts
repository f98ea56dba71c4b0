import { randomUUID } from 'node:crypto';
import { pastEvent, recordAll } from '../console/scene';
import type { RunningService } from '../harness/service';
import type { Answer } from '../harness/service-client';
import type { Calls } from './operation-calls';

const WINDOW = { name: 'Move', starts_at: '2020-01-01T00:00:00Z', ends_at: '2096-01-01T00:00:00Z' };

/** Calls of the operations about public pages. */
export function publicPageCalls(service: () => RunningService): Readonly<Record<string, Calls>> {
  const get = (path: string, method = 'GET'): Promise<Answer> => service().client.get(path, { method });
  const put = (slug: string, account: string): Promise<Answer> =>
    service().client.post(`/accounts/${account}/public-page`, bodyOf(slug), {}, 'PUT');
  const bodyOf = (slug: string): object => ({
    ...{ slug, title: 'Acme', enabled: true, show_summaries: true },
    services: [{ service: 'app', name: 'App' }],
  });
  /** A page with something of everything. */
  const shown = async (): Promise<string> => {
    const account_id = `shown-${randomUUID()}`;
    const monitor = { account_id, name: 'app', url: 'http://127.0.0.1:9/', interval_s: 3_600 };
    await service().client.post('/monitors', monitor);
    await service().client.post('/maintenance-windows', { account_id, ...WINDOW });
    const ended = Date.now() - 60_000;
    const past = { event_id: 'past', started_at: ended - 60_000, resolved_at: ended, updated_at: ended };
    const events = [pastEvent({ account_id, event_id: 'open' }), pastEvent({ account_id, ...past })];
    await recordAll(service(), events);
    await put(account_id, account_id);
    return `/status/${account_id}`;
  };
  const ofPage = (path: string): Calls => ({
    success: async () => get(`${await shown()}${path}`),
    failure: () => get(`/status/nobody${path}`),
  });
  return {
    'GET /accounts/{id}/public-page': {
      success: async () => {
        await put('acme', 'acme');
        return get('/accounts/acme/public-page');
      },
      failure: () => get('/accounts/-/public-page'),
    },
    'PUT /accounts/{id}/public-page': {
      success: () => put('acme', 'acme'),
      failure: () => put('Not A Slug', 'acme'),
    },
    'DELETE /accounts/{id}/public-page': {
      success: () => get('/accounts/acme/public-page', 'DELETE'),
      failure: () => get('/accounts/-/public-page', 'DELETE'),
    },
    'GET /status/{slug}': ofPage(''),
    'GET /status/{slug}/status.json': ofPage('/status.json'),
    'GET /status/{slug}/feed.rss': ofPage('/feed.rss'),
    'GET /status/{slug}/badge.svg': ofPage('/badge.svg'),
  };
}
