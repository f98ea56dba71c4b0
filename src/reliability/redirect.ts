import { ExchangeFault } from './failure-reason';

/** Statuses that name another place for the same GET (RFC 9110 section 15.4). 304 and 300 do not. */
const REDIRECTS = [301, 302, 303, 307, 308];

/** Headers that were meant for the origin they were given for. */
const CREDENTIALS = ['authorization', 'cookie', 'proxy-authorization'];

export function isRedirect(status: number): boolean {
  return REDIRECTS.includes(status);
}

/** The http(s) URL, or null where the text is none or carries a user name or password. */
export function parseTarget(text: string, base?: URL): URL | null {
  const url = URL.parse(text, base?.href);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return null;
  return url.username === '' && url.password === '' ? url : null;
}

/**
 * Where a redirect leads.
 *
 * @throws ExchangeFault when there is no Location, or it leads out of http(s) or carries credentials
 */
export function redirectTarget(location: string | undefined, from: URL): URL {
  if (location === undefined) throw new ExchangeFault('bad_redirect', 'redirect without a Location');
  const target = parseTarget(location, from);
  if (target === null) throw new ExchangeFault('bad_redirect', 'redirect to what is no plain http(s) URL');
  return target;
}

/** The headers to send on; credentials stay with the origin they were meant for. */
export function headersAfterRedirect(
  headers: Readonly<Record<string, string>>,
  from: URL,
  to: URL,
): Readonly<Record<string, string>> {
  if (from.origin === to.origin) return headers;
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !CREDENTIALS.includes(name.toLowerCase())),
  );
}
