/** How a cookie is kept. */
export interface CookieOptions {
  /** The only paths that it is sent to. */
  readonly path: string;
  /** `Lax` comes along when a page of another site leads here, `Strict` does not. */
  readonly sameSite: 'Strict' | 'Lax';
  readonly maxAgeS: number;
  /** Whether it is kept from connections without TLS. */
  readonly isSecure: boolean;
}

/** The value of a cookie that a request brings; null where it brings none, or several of that name. */
export function readCookie(header: string | undefined, name: string): string | null {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  const [value, ...others] = values;
  return value === undefined || value === '' || others.length > 0 ? null : value;
}

/** The `Set-Cookie` header that keeps a cookie, out of reach of scripts (RFC 6265). An empty value removes it. */
export function cookie(name: string, value: string, options: CookieOptions): string {
  const { path, sameSite, maxAgeS, isSecure } = options;
  const age = value === '' ? 0 : maxAgeS;
  const text = `${name}=${value}; Path=${path}; Max-Age=${age}; HttpOnly; SameSite=${sameSite}`;
  return isSecure ? `${text}; Secure` : text;
}
