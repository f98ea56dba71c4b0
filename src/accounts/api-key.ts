import { hash, randomBytes, randomInt } from 'node:crypto';

/** A key as it is handed out, and what is kept of it. */
export interface NewApiKey {
  /** Shown once and kept nowhere. */
  readonly key: string;
  readonly prefix: string;
  readonly hash: string;
}

const PREFIX_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const PREFIX_LENGTH = 8;
const SECRET_BYTES = 32;

/** 32 bytes are 43 characters of base64url. */
const KEY = /^(sbx_[A-Za-z0-9]{8})_[A-Za-z0-9_-]{43}$/;

/** Makes a key of 32 random bytes behind a prefix that may be shown. */
export function makeApiKey(): NewApiKey {
  const letters = Array.from({ length: PREFIX_LENGTH }, () => {
    return PREFIX_CHARACTERS.charAt(randomInt(PREFIX_CHARACTERS.length));
  });
  const prefix = `sbx_${letters.join('')}`;
  const key = `${prefix}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  return { key, prefix, hash: digestOf(key).toString('hex') };
}

/** The prefix of what looks like a key; null where it does not. */
export function prefixOf(token: string): string | null {
  return KEY.exec(token)?.[1] ?? null;
}

/**
 * SHA-256 of a token, for comparing: digests are of one length, and say nothing of what they are of. A slow hash would
 * add nothing, since nobody can guess 32 random bytes.
 */
export function digestOf(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}
