import { Injectable, Logger } from '@nestjs/common';
import { Settings } from '../config/settings';
import { keyFilePath, keyInFile, makeKeyFile } from './key-file';
import { keyIdOf, openText, sealingKey, sealText, type SealingKey } from './sealed-text';

/** There is no key to keep secrets with. */
export class EncryptionKeyMissingError extends Error {
  constructor() {
    super('ENCRYPTION_KEY is not set, and without it nothing secret is stored');
    this.name = 'EncryptionKeyMissingError';
  }
}

/**
 * Keeps other people's secrets unreadable in the database. What it seals, it seals with ENCRYPTION_KEY, or in the
 * embedded profile without that with a key of its own beside the database; it opens what older keys have sealed too,
 * and leaves what was stored before there was any key as it is.
 */
@Injectable()
export class SecretBox {
  private readonly current: SealingKey | null;
  private readonly keys: readonly SealingKey[];

  constructor(settings: Settings) {
    const own = settings.isPostgres ? null : ownKey(settings);
    this.current = settings.ENCRYPTION_KEY === undefined ? own : sealingKey(settings.ENCRYPTION_KEY);
    const previous =
      settings.ENCRYPTION_KEY_PREVIOUS === undefined ? null : sealingKey(settings.ENCRYPTION_KEY_PREVIOUS);
    this.keys = [this.current, previous, own].filter((key) => key !== null);
  }

  /** Whether there is a key, and so secrets can be taken. */
  get isReady(): boolean {
    return this.current !== null;
  }

  /**
   * @param context what is sealed, and whose it is: to be named again for opening it
   * @throws EncryptionKeyMissingError
   */
  seal(text: string, context: string): string {
    if (this.current === null) throw new EncryptionKeyMissingError();
    return sealText(text, context, this.current);
  }

  /** @throws UnreadableSecretError where none of the keys opens it */
  open(text: string, context: string): string {
    return openText(text, context, this.keys);
  }

  /** Whether a stored text is as it would be stored now: sealed with the current key, or plain where there is none. */
  isCurrent(text: string): boolean {
    return keyIdOf(text) === (this.current?.id ?? null);
  }
}

/** The key beside the SQLite file. With ENCRYPTION_KEY none is made; one of earlier starts still opens what it sealed. */
function ownKey(settings: Settings): SealingKey | null {
  const path = keyFilePath(settings);
  const known = keyInFile(path);
  if (known !== null) return sealingKey(known);
  if (settings.ENCRYPTION_KEY !== undefined) return null;
  const made = makeKeyFile(path);
  const line = { path };
  const text =
    'ENCRYPTION_KEY is not set: secrets are kept with a key of our own; a backup is worth little without it';
  if (settings.isProduction) new Logger('Secrets').warn(line, text);
  else new Logger('Secrets').log(line, text);
  return sealingKey(made);
}
