import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import { announce } from './local-server';

/** What the service is measured against: Fastify that parses the same body as JSON, and does nothing with it. */
const server = fastify();
server.post('/ingest/stripe', () => ({ received: true }));
server.get('/readyz', () => ({ status: 'ok' }));

server.listen({ port: 0, host: '127.0.0.1' }, (error) => {
  if (error !== null) throw error;
  announce((server.server.address() as AddressInfo).port);
});
