import { connect } from 'node:net';
import type { ServiceClient } from '../harness/service-client';

/** An answer, read from the socket as it came. */
export interface RawAnswer {
  /** 0 where the connection ended without one. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed where it is JSON. */
  readonly body: unknown;
}

/**
 * Sends bytes as they are, and reads until the other side closes: for what no HTTP client would send. Whatever is
 * in `parts` after the first is sent when the other side had time to read the one before.
 */
export function sendRaw(url: string, ...parts: readonly (string | Buffer)[]): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect({ host: hostname, port: Number(port) });
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    // A peer that has answered may reset the connection, because it does not want the rest.
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(parseAnswer(Buffer.concat(chunks).toString('utf8'))));
    const sendNext = (index: number): void => {
      const part = parts[index];
      if (part === undefined || socket.destroyed) return;
      socket.write(part, () => setImmediate(() => sendNext(index + 1)));
    };
    sendNext(0);
  });
}

/** The bytes of a request with a body; `headers` are whole lines. */
export function request(
  method: string,
  target: string,
  headers: readonly string[] = [],
  body?: string | Buffer,
): Buffer {
  const bytes = body === undefined ? null : Buffer.from(body);
  const length = bytes === null ? [] : [`Content-Length: ${bytes.length}`];
  const lines = [
    `${method} ${target} HTTP/1.1`,
    'Host: signalbox.test',
    'Connection: close',
    ...length,
    ...headers,
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), bytes ?? Buffer.alloc(0)]);
}

/** Waits until a service has read what was sent to it before, on whichever connection: it answers two calls since. */
export async function hasRead({ client }: { readonly client: ServiceClient }): Promise<void> {
  for (let call = 0; call < 2; call++) await client.get('/healthz');
}

function parseAnswer(text: string): RawAnswer {
  const final = text.replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '');
  const end = final.indexOf('\r\n\r\n');
  if (end === -1) return { status: 0, headers: {}, body: final };
  const [statusLine = '', ...lines] = final.slice(0, end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  );
  const body = final.slice(end + 4);
  const isJson = headers['content-type']?.includes('json') === true;
  return {
    status: Number(statusLine.split(' ')[1]),
    headers,
    body: isJson && body !== '' ? JSON.parse(body) : body,
  };
}
