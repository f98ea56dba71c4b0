import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseKey } from '../config/encryption-key';
import type { Settings } from '../config/settings';
import { KEY_BYTES } from './sealed-text';

/** The key beside the database cannot be used, and what it has sealed cannot be read without it. */
export class UnusableKeyFileError extends Error {
  constructor(path: string, options: ErrorOptions) {
    super(`Signalbox cannot start: the key in ${path} is spoilt: restore it from a backup`, options);
    this.name = 'UnusableKeyFileError';
  }
}

/** Where the embedded profile keeps the key that it has made for itself: beside the database. */
export function keyFilePath({ sqlitePath }: Pick<Settings, 'sqlitePath'>): string {
  return join(dirname(sqlitePath), 'encryption-key');
}

/**
 * The key of an earlier start, where one was made.
 *
 * @throws UnusableKeyFileError
 */
export function keyInFile(path: string): Buffer | null {
  if (!existsSync(path)) return null;
  chmodSync(path, 0o600);
  const text = readFileSync(path, 'utf8').trim();
  // Somebody was stopped between making the file and filling it: nothing can have been sealed with it.
  if (text === '') return null;
  try {
    return parseKey(text);
  } catch (cause) {
    throw new UnusableKeyFileError(path, { cause });
  }
}

/** Makes a key, readable by its owner alone, and on disk before anything is sealed with it. */
export function makeKeyFile(path: string): Buffer {
  const key = randomBytes(KEY_BYTES);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${key.toString('base64')}\n`, { mode: 0o600, flush: true });
  return key;
}
