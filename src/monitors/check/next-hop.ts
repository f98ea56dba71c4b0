import { ExchangeFault } from '../../reliability/failure-reason';
import type { Hop } from '../../reliability/follow';
import { redirectTarget } from '../../reliability/redirect';

/** Headers that can say nothing secret. Of the others a monitor's owner meant every one for the host they named. */
const HARMLESS = ['accept', 'accept-encoding', 'accept-language', 'content-type', 'user-agent'];

/** Headers about a body. */
const ABOUT_BODY = ['content-type', 'content-encoding', 'content-language'];

/**
 * The request that a redirect asks for, as browsers make it (RFC 9110 section 15.4, and "HTTP-redirect fetch" in
 * https://fetch.spec.whatwg.org): 307 and 308 repeat the request, 303 makes it a GET, and so do 301 and 302 of a POST.
 * Another origin gets neither headers that may be secret nor a body.
 *
 * @throws ExchangeFault where it leads nowhere, or a body would have to go to another origin
 */
export function nextHop(hop: Hop, status: number, location: string | undefined): Hop {
  const url = redirectTarget(location, hop.url);
  const isSame = url.origin === hop.url.origin;
  const changed = becomesGet(hop.method, status) ? withoutBody(hop) : hop;
  if (changed.body !== null && !isSame) {
    throw new ExchangeFault('bad_redirect', 'redirect of a body to another origin');
  }
  const headers = isSame ? changed.headers : only(changed.headers, (name) => HARMLESS.includes(name));
  return { ...changed, url, headers };
}

function becomesGet(method: string, status: number): boolean {
  if (status === 303) return method !== 'GET' && method !== 'HEAD';
  return (status === 301 || status === 302) && method === 'POST';
}

function withoutBody(hop: Hop): Hop {
  return {
    ...hop,
    method: 'GET',
    body: null,
    headers: only(hop.headers, (name) => !ABOUT_BODY.includes(name)),
  };
}

function only(
  headers: Readonly<Record<string, string>>,
  isKept: (lowerCaseName: string) => boolean,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => isKept(name.toLowerCase())));
}
