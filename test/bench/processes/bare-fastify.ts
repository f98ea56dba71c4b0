import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import { EVENT_ID_LENGTH } from '../documents/tenant-events';
import { announce } from './local-server';

/** What the service is measured against: Fastify that parses the same bodies as JSON, and does nothing with them. */
const server = fastify();

/** As long as the ids of the load. */
const EVENT_ID = 'a'.repeat(EVENT_ID_LENGTH);

server.post('/ingest/stripe', () => ({ received: true }));
server.post('/events', (_request, reply) => {
  return reply.code(202).send({ accepted: 1, deduped: 0, event_ids: [EVENT_ID], durability: 'committed' });
});
server.get('/readyz', () => ({ status: 'ok' }));

server.listen({ port: 0, host: '127.0.0.1' }, (error) => {
  if (error !== null) throw error;
  announce((server.server.address() as AddressInfo).port);
});
