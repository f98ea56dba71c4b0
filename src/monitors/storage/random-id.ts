import { randomBytes, randomInt } from 'node:crypto';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';
const LENGTH = 16;

/** Of 192 bits: nobody guesses it, and whoever knows it may call in. */
const TOKEN_BYTES = 24;

/** An id of a monitor or a window: 16 characters of `[a-z0-9]`, 82 bits. Fit for ids of BullMQ's jobs. */
export function randomId(): string {
  return Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

/** What a job calls in with: 32 characters of base64url. */
export function randomToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}
