import type { Dispatcher } from 'undici';
import { ExchangeFault } from './failure-reason';
import { isRedirect } from './redirect';

/** One request of an exchange: the first, or one that a redirect asked for. */
export interface Hop {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export interface Following<T> {
  /** 0 takes every redirect as it is. */
  readonly maxRedirects: number;
  readonly send: (hop: Hop) => Promise<Dispatcher.ResponseData>;
  /** The request that a redirect asks for. Throws an ExchangeFault where it is none to make. */
  readonly next: (hop: Hop, status: number, location: string | undefined) => Hop;
  /** Takes the response that ends the exchange. Its body goes when this has settled. */
  readonly take: (response: Dispatcher.ResponseData, hop: Hop) => Promise<T>;
  /** A redirect that is what was asked for, and is not followed. Default: none. */
  readonly isWanted?: (status: number) => boolean;
}

/**
 * Sends a request and those that redirects ask for, and takes the last response.
 *
 * @throws ExchangeFault for too many redirects, or one that leads nowhere
 */
export async function follow<T>(first: Hop, following: Following<T>): Promise<T> {
  const { maxRedirects, send, next, take, isWanted = (): boolean => false } = following;
  let hop = first;
  for (let redirects = 0; ; redirects += 1) {
    const response = await send(hop);
    // Without a listener, a body that is given up would end the process by its error.
    response.body.on('error', () => undefined);
    try {
      const { statusCode } = response;
      const isFinal = maxRedirects === 0 || !isRedirect(statusCode) || isWanted(statusCode);
      if (isFinal) return await take(response, hop);
      if (redirects === maxRedirects) {
        throw new ExchangeFault('too_many_redirects', `more than ${maxRedirects} redirects`);
      }
      hop = next(hop, statusCode, plainHeaders(response.headers)['location']);
    } finally {
      response.body.destroy();
    }
  }
}

/** By lower-case name; repeated headers as one, joined by commas (RFC 9110 section 5.3). */
export function plainHeaders(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}
