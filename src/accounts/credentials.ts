import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Settings } from '../config/settings';
import { digestOf } from './api-key';
import type { RequestActor } from './actor';
import { callerOf, type Credential } from './credential';
import { KeyUse } from './key-use';
import { KnownKeys, type KnownKey } from './known-keys';
import { ownToken } from './own-token';
import { PersonCredentials } from './person-credentials';

interface FixedToken {
  readonly digest: Buffer;
  readonly credential: Credential;
}

/** Knows whose token it is. */
@Injectable()
export class Credentials {
  /** Whether anything needs a credential at all. */
  readonly areNeeded: boolean;
  private readonly fixed: readonly FixedToken[];

  constructor(
    settings: Settings,
    private readonly keys: KnownKeys,
    private readonly use: KeyUse,
    private readonly people: PersonCredentials,
  ) {
    this.areNeeded = settings.ADMIN_TOKEN !== undefined;
    this.fixed = [
      ...fixedToken(settings.ADMIN_TOKEN, { kind: 'operator', by: { kind: 'admin_token' } }),
      ...fixedToken(settings.METRICS_TOKEN, { kind: 'metrics' }),
      ...fixedToken(ownToken(settings) ?? undefined, { kind: 'service' }),
    ];
  }

  /**
   * What a token is worth now; null where nothing.
   *
   * @throws StorageUnavailableError where that is not known and the database is away
   */
  async find(token: string, now: number): Promise<Credential | null> {
    const digest = digestOf(token);
    // All are looked at, so that the time does not tell which it was not.
    const [found] = this.fixed.filter((fixed) => timingSafeEqual(fixed.digest, digest));
    if (found !== undefined) return found.credential;
    const key = await this.keys.find(token, now);
    if (key === null) return this.people.find(token, now);
    this.use.note(key.id, now);
    return credentialOf(key);
  }

  /** Whose token it is where nothing needs one: a person's names that person, and all others stand for anybody. */
  async nameOf(token: string | undefined, now: number): Promise<RequestActor> {
    const credential = token === undefined ? null : await this.people.find(token, now);
    return (credential === null ? null : callerOf(credential)?.by) ?? { kind: 'anybody' };
  }
}

function fixedToken(token: string | undefined, credential: Credential): FixedToken[] {
  return token === undefined ? [] : [{ digest: digestOf(token), credential }];
}

/** An admin key does for the whole service what ADMIN_TOKEN does; its account says only whose it is. */
function credentialOf({ id, prefix, account_id, scopes }: KnownKey): Credential {
  const by = { kind: 'key', id, prefix } as const;
  if (scopes.includes('admin')) return { kind: 'operator', by };
  return { kind: 'account', by, account_id, grants: scopes };
}
