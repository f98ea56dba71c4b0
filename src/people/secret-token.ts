import { hash, randomBytes } from 'node:crypto';

const SECRET_BYTES = 32;

/** A token of 32 random bytes behind a prefix that says what it is for. */
export function makeToken(prefix: string): string {
  return `${prefix}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
}

/** What is kept of a token: SHA-256, in hexadecimal digits. A slow hash would add nothing to 32 random bytes. */
export function keptOf(token: string): string {
  return hash('sha256', token);
}
