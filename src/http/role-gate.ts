import type { FastifyInstance } from 'fastify';
import type { Settings } from '../config/settings';
import { ApiError } from './api-error';

/** What every process answers, whatever its roles. */
const OF_ALL = ['/healthz', '/readyz', '/metrics'];

/** A notifier without a routing key sends to its own mock. */
const MOCK = '/destinations/pagerduty';

/** Keeps a process without the role `api` from answering anything but probes and metrics. */
export function installRoleGate(fastify: FastifyInstance, settings: Settings): void {
  if (settings.hasRole('api')) return;
  const served = settings.hasRole('notifier') ? [...OF_ALL, MOCK] : OF_ALL;
  fastify.addHook('onRequest', (request, _reply, done) => {
    const [path = ''] = request.url.split('?');
    const isServed = served.includes(path);
    done(isServed ? undefined : new ApiError(404, 'not_found', 'This process does not have the role api.'));
  });
}
