/** Requests that were written out before the clock started. */
export interface Requests {
  readonly count: number;
  /** The bytes of the n-th request. */
  at(index: number): Buffer;
}

/** The same GET, many times. */
export function repeatedGet(path: string, count: number): Requests {
  const bytes = Buffer.from(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: application/json\r\n\r\n`);
  return { count, at: () => bytes };
}

/** A POST of JSON, as bytes. */
export function postOf(path: string, body: string, headers: Readonly<Record<string, string>>): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json; charset=utf-8\r\n` +
      `${lines.join('')}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** These, in this order. */
export function listOf(requests: readonly Buffer[]): Requests {
  return {
    count: requests.length,
    at: (index) => {
      const request = requests[index];
      if (request === undefined) throw new RangeError(`there is no request ${index}`);
      return request;
    },
  };
}
