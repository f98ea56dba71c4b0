import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { digestOf, prefixOf } from './api-key';
import type { ApiKeyEntity } from './api-key.entity';
import { ApiKeysRepository } from './api-keys.repository';
import { Remembered } from './remembered';
import type { Scope } from './scope';

/** What is known of a key. */
export interface KnownKey {
  readonly id: string;
  readonly prefix: string;
  readonly account_id: string;
  readonly scopes: readonly Scope[];
  readonly digest: Buffer;
  readonly expires_at: number | null;
}

/** So long it is taken for granted that there is no key with a prefix. */
const ABSENT_FOR_MS = 5_000;

/** Compared with where there is no key, so that this takes as long as where there is one. */
const DIGEST_OF_NOTHING = Buffer.alloc(32);

/** Keys, remembered so that they open while the database is away. A key revoked in this process stops at once. */
@Injectable()
export class KnownKeys {
  private readonly keys: Remembered<KnownKey>;

  constructor(keys: ApiKeysRepository) {
    this.keys = new Remembered({
      name: 'a key',
      load: async (prefix) => {
        const row = await keys.findByPrefix(prefix);
        return row === null ? null : known(row);
      },
      absentForMs: ABSENT_FOR_MS,
    });
  }

  /**
   * The key that a token is; null where it is none, or has expired or been revoked.
   *
   * @throws StorageUnavailableError where that is not known and the database is away
   */
  async find(token: string, now: number): Promise<KnownKey | null> {
    const prefix = prefixOf(token);
    const key = prefix === null ? null : await this.keys.get(prefix);
    const isSame = timingSafeEqual(digestOf(token), key?.digest ?? DIGEST_OF_NOTHING);
    if (key === null || !isSame) return null;
    return key.expires_at !== null && key.expires_at <= now ? null : key;
  }

  /** Notes what has just been stored, so that it holds at once in this process. */
  note(key: ApiKeyEntity): void {
    this.keys.set(key.prefix, key.revoked_at === null ? known(key) : null);
  }
}

function known({ id, prefix, account_id, scopes, hash, expires_at }: ApiKeyEntity): KnownKey {
  return { id, prefix, account_id, scopes, digest: Buffer.from(hash, 'hex'), expires_at };
}
