import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Settings } from '../config/settings';

/** Share of the shutdown's time for what is being received and answered when the listener closes. */
const CLOSING_SHARE = 0.2;

/**
 * Lets the server close in time. Closing waits for every connection, and Node takes one on which nothing has come
 * yet, as load balancers and browsers keep them in stock, for one whose request is on its way.
 */
export function installClosing(fastify: FastifyInstance, settings: Settings): void {
  const silent = new Set<Socket>();
  fastify.server.on('connection', (socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  fastify.server.on('request', ({ socket }) => silent.delete(socket));
  fastify.addHook('preClose', (done) => {
    for (const socket of silent) socket.destroy();
    const timeMs = (settings.SHUTDOWN_GRACE_MS - settings.SHUTDOWN_DRAIN_MS) * CLOSING_SHARE;
    setTimeout(() => fastify.server.closeAllConnections(), timeMs).unref();
    done();
  });
}
