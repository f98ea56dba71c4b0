import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { nowMs } from '../clock';
import { announce } from './local-server';

/** What arrived: for each `dedup_key`, when its first trigger was here in full, on the clock of `nowMs()`. */
export interface Arrivals {
  readonly requests: number;
  readonly arrivedAt: Readonly<Record<string, number>>;
}

/**
 * Stands where PagerDuty would be: takes everything at once, and remembers when what came. Started with `hold`, it
 * answers nobody until `GET /release`, and counts nothing before: until then a queue can fill.
 */
const arrivedAt = new Map<string, number>();
let requests = 0;
const released = Promise.withResolvers<void>();
if (process.argv[2] !== 'hold') released.resolve();

const server = createServer((request, response) => {
  if (request.url === '/release') released.resolve();
  if (request.method === 'GET') return answer(response, 200, arrivals(request.url));
  readBody(request, (body) => void released.promise.then(() => take(body, response)));
});

server.listen(0, '127.0.0.1', () => announce((server.address() as AddressInfo).port));

function take(body: string, response: ServerResponse): void {
  const { dedup_key } = JSON.parse(body) as { dedup_key: string };
  requests++;
  if (!arrivedAt.has(dedup_key)) arrivedAt.set(dedup_key, nowMs());
  answer(response, 202, { status: 'success', message: 'Event processed', dedup_key });
}

function arrivals(path: string | undefined): Arrivals | { keys: number } {
  if (path === '/arrivals') return { requests, arrivedAt: Object.fromEntries(arrivedAt) };
  return { keys: arrivedAt.size };
}

function readBody(request: IncomingMessage, onBody: (body: string) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => onBody(Buffer.concat(chunks).toString('utf8')));
}

function answer(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
