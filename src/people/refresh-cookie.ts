import type { FastifyReply, FastifyRequest } from 'fastify';
import { cookie, readCookie, type CookieOptions } from './cookie';
import { IDLE_MS } from './sessions';

const NAME = 'signalbox_refresh';

/**
 * For browsers: the refresh token where no script can read it. It is sent to `/auth` alone and opens nothing there but
 * the next token, which a page of another origin could not read; such a page's requests do not carry it in the first
 * place (`SameSite`), and are refused (`enableCsrfProtection` in create-app.ts), which goes for other hosts of the same
 * site too.
 */
const OPTIONS = { path: '/auth', sameSite: 'Strict', maxAgeS: IDLE_MS / 1_000 } as const;

/** The refresh token that a request shows: that of its body, else of its cookie. */
export function shownRefreshToken(inBody: string | undefined, { headers }: FastifyRequest): string | null {
  return inBody ?? readCookie(headers.cookie, NAME);
}

/** Lets the browser keep a refresh token. */
export function keepRefreshCookie(reply: FastifyReply, token: string, isSecure: boolean): void {
  setCookie(reply, token, { ...OPTIONS, isSecure });
}

/** Lets the browser forget the refresh token, if it has one. */
export function removeRefreshCookie(reply: FastifyReply): void {
  setCookie(reply, '', { ...OPTIONS, isSecure: false });
}

function setCookie(reply: FastifyReply, value: string, options: CookieOptions): void {
  void reply.header('set-cookie', cookie(NAME, value, options));
}
