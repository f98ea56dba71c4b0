import { createHash } from 'node:crypto';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import { Database } from '../database/database';
import { Statement } from '../database/statement';
import { reseal, type SealedColumn } from '../secrets/reseal';
import { UnreadableSecretError } from '../secrets/sealed-text';
import { SecretBox } from '../secrets/secret-box';
import { CredentialEntity } from './credential.entity';

/** What deliveries go through: a routing key, or an account's settings of a destination. */
export interface Credential {
  readonly fingerprint: string;
  readonly destination: string;
  readonly secret: string;
}

/** Parameters: fingerprint, destination, secret, now. */
const ADD = `INSERT INTO destination_credentials (fingerprint, destination, secret, first_used_at, abandoned)
  VALUES (?, ?, ?, ?, FALSE) ON CONFLICT (fingerprint)`;
const ADD_ONCE = new Statement(() => `${ADD} DO NOTHING`);
const ADD_OR_REPLACE = new Statement(() => `${ADD} DO UPDATE SET secret = excluded.secret`);

const contextOf = (fingerprint: string): string => `credential ${fingerprint}`;

const SECRETS: SealedColumn = {
  table: 'destination_credentials',
  key: 'fingerprint',
  column: 'secret',
  contextOf,
};

/** A name for what is reached at a destination that does not give it away. */
export function fingerprintOf(destination: string, place: string): string {
  return createHash('sha256').update(`${destination}\0${place}`).digest('hex').slice(0, 16);
}

/**
 * The secrets that deliveries went through and go through, by fingerprint: kept, because what was opened through one
 * has to be closed through it.
 */
@Injectable()
export class KeptSecrets implements OnApplicationBootstrap {
  private readonly logger = new Logger('Secrets');

  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
  ) {}

  /** Brings the secrets of earlier keys under the current one. */
  onApplicationBootstrap(): Promise<void> {
    return reseal(this.database, this.box, SECRETS);
  }

  /** The secrets of fingerprints. One that no key opens is missing, and the log says so. */
  async find(tx: EntityManager, fingerprints: Iterable<string>): Promise<ReadonlyMap<string, string>> {
    const rows = await tx.findBy(CredentialEntity, { fingerprint: In([...new Set(fingerprints)]) });
    const opened = rows.map(
      ({ fingerprint, secret }) => [fingerprint, this.open(fingerprint, secret)] as const,
    );
    return new Map(opened.filter((entry): entry is [string, string] => entry[1] !== null));
  }

  /** Keeps the operator's own secret, in the transaction of the first delivery that may need it; sealed where that can be. */
  async keepOnce(
    tx: EntityManager,
    { fingerprint, destination, secret }: Credential,
    now: number,
  ): Promise<void> {
    if (await tx.existsBy(CredentialEntity, { fingerprint })) return;
    const kept = this.box.isReady ? this.box.seal(secret, contextOf(fingerprint)) : secret;
    await ADD_ONCE.run(tx, [fingerprint, destination, kept, now]);
  }

  /**
   * Keeps an account's settings, in the place of earlier ones that lead to the same place.
   *
   * @throws EncryptionKeyMissingError
   */
  async keep(
    tx: EntityManager,
    { fingerprint, destination, secret }: Credential,
    now: number,
  ): Promise<void> {
    const kept = this.box.seal(secret, contextOf(fingerprint));
    await ADD_OR_REPLACE.run(tx, [fingerprint, destination, kept, now]);
  }

  private open(fingerprint: string, secret: string): string | null {
    try {
      return this.box.open(secret, contextOf(fingerprint));
    } catch (error) {
      if (!(error instanceof UnreadableSecretError)) throw error;
      this.logger.error({ err: error }, 'a secret that deliveries go through cannot be read');
      return null;
    }
  }
}
