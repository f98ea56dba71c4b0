import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { nowMs } from '../clock';
import { announce } from './local-server';

/** When each number was first answered with 503, on the clock of `nowMs()`. */
export type FirstFailures = Readonly<Record<string, number>>;

/**
 * What is checked: `/<number>` answers 200 on every port, and 503 where the number is below that of
 * `GET /fail-below/<number>`. It listens on so many ports as its argument says (`GET /ports`), each of which is a host
 * of its own to those who limit what they ask of one.
 */
const ports = Number(process.argv[2] ?? '1');
const firstFailures = new Map<number, number>();
let failBelow = 0;

const GOOD = Buffer.from(JSON.stringify({ status: 'ok' }));
const BAD = Buffer.from(JSON.stringify({ status: 'failing' }));

const answer: RequestListener = (request, response) => {
  const [, first = '', second = ''] = (request.url ?? '').split('/');
  const number = Number(first);
  if (Number.isInteger(number) && first !== '') return check(number, response);
  if (first === 'fail-below') failBelow = Number(second);
  const body = first === 'ports' ? servers.map(portOf) : Object.fromEntries(firstFailures);
  send(response, 200, Buffer.from(JSON.stringify(body)));
};

const servers = Array.from({ length: ports }, () => createServer(answer));
void listen();

function check(number: number, response: Parameters<RequestListener>[1]): void {
  const isFailing = number < failBelow;
  if (isFailing && !firstFailures.has(number)) firstFailures.set(number, nowMs());
  send(response, isFailing ? 503 : 200, isFailing ? BAD : GOOD);
}

function send(response: Parameters<RequestListener>[1], status: number, body: Buffer): void {
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
}

async function listen(): Promise<void> {
  for (const server of servers) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }
  announce(portOf(servers[0]!));
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
