import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { incidentsOf, summaryOf } from '../documents/status-page';
import { announce } from './local-server';

/** How often the server has answered with what. */
export type Answers = Readonly<Record<'200' | '304' | '404' | 'incidents', number>>;

const answers = { '200': 0, '304': 0, '404': 0, incidents: 0 };

/** Serves status pages, with ETag and gzip as the real ones do: `/<page's number>/api/v2/summary.json`. */
const [pageCount = '0'] = process.argv.slice(2);
const documents = new Map(
  Array.from({ length: Number(pageCount) }, (_, page) => {
    const document = JSON.stringify(summaryOf(page), null, 2);
    return [String(page), { etag: `W/"${page}-${document.length}"`, body: gzipSync(document) }];
  }),
);

const server = createServer((request, response) => {
  const [page = '', ...rest] = (request.url ?? '').slice(1).split('/');
  if (page === 'answers') return send(response, 200, Buffer.from(JSON.stringify(answers)));
  if (rest.at(-1) === 'incidents.json') {
    answers.incidents++;
    return send(response, 200, Buffer.from(JSON.stringify(incidentsOf(Number(page)))));
  }
  sendSummary(page, request, response);
});

server.listen(0, '127.0.0.1', () => announce((server.address() as AddressInfo).port));

function sendSummary(page: string, request: IncomingMessage, response: ServerResponse): void {
  const document = documents.get(page);
  if (document === undefined) {
    answers['404']++;
    return send(response, 404, Buffer.alloc(0));
  }
  const { etag, body } = document;
  if (request.headers['if-none-match'] === etag) {
    answers['304']++;
    response.writeHead(304, { etag }).end();
    return;
  }
  answers['200']++;
  send(response, 200, body, { etag, 'content-encoding': 'gzip' });
}

function send(
  response: ServerResponse,
  status: number,
  body: Buffer,
  headers: Readonly<Record<string, string>> = {},
): void {
  const length = { 'content-type': 'application/json', 'content-length': body.length };
  response.writeHead(status, { ...length, ...headers }).end(body);
}
