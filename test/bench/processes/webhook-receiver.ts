import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { nowMs } from '../clock';
import { announce } from './local-server';

/**
 * Takes accounts' webhooks on any path, and remembers when what came, by path and event. Whoever posts to `/hang` waits
 * for ever.
 */
const arrivedAt = new Map<string, number>();

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    const isShort = request.url === '/keys';
    return answer(
      response,
      isShort ? { keys: arrivedAt.size } : { arrivedAt: Object.fromEntries(arrivedAt) },
    );
  }
  if (request.url === '/hang') return;
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { data } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { data: { event_id: string } };
    const key = `${request.url} ${data.event_id}`;
    if (!arrivedAt.has(key)) arrivedAt.set(key, nowMs());
    answer(response, {});
  });
});

server.listen(0, '127.0.0.1', () => announce((server.address() as AddressInfo).port));

function answer(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
