import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { hash, verify, type Algorithm, type Options } from '@node-rs/argon2';
import { ApiError } from '../http/api-error';
import { normalPassword } from './password-rules';

/** `Algorithm.Argon2id`, which is a const enumeration of another compilation. */
const ARGON2ID = 2 as Algorithm.Argon2id;

/**
 * Memory in KiB, passes and lanes, after the OWASP Password Storage Cheat Sheet, section Argon2id
 * (https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html): 19 MiB, 2 and 1.
 */
const OPTIONS = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 } satisfies Options;

/** One core at most, however many log in: the others are for what the service is there for. */
const MAX_AT_ONCE = 1;

/** So many wait for their turn, about a second; more are sent away. */
const MAX_WAITING = 32;

const RETRY_AFTER_S = 2;

/** Nobody's hash, of the same cost: looking at the password of nobody takes as long as at somebody's. */
const OF_NOBODY = `$argon2id$v=19$m=${OPTIONS.memoryCost},t=${OPTIONS.timeCost},p=${OPTIONS.parallelism}$${base64(16)}$${base64(32)}`;

/**
 * Hashes passwords, in threads of their own and one after the other, so that logins hold up neither the event loop nor
 * all processors.
 *
 * All methods throw ApiError 503 where too many wait already.
 */
@Injectable()
export class PasswordHasher {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  /** The hash to keep of a password, in PHC form. */
  hash(password: string): Promise<string> {
    return this.inTurn(() => hash(normalPassword(password), OPTIONS));
  }

  /** Whether a password is the one that was hashed; never where there is no hash, after the same time. */
  async isRight(password: string, kept: string | null): Promise<boolean> {
    const isSame = await this.inTurn(() => verify(kept ?? OF_NOBODY, normalPassword(password)));
    return kept !== null && isSame;
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.running < MAX_AT_ONCE) this.running++;
    else await this.waitForTurn();
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.running--;
      else next();
    }
  }

  private waitForTurn(): Promise<void> {
    if (this.waiting.length >= MAX_WAITING) {
      const message = 'Too many people are logging in right now. Try again.';
      throw new ApiError(503, 'busy', message, { retryAfterS: RETRY_AFTER_S });
    }
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}

/** So many random bytes in base64 without its padding, as PHC strings have them. */
function base64(bytes: number): string {
  return randomBytes(bytes).toString('base64').replaceAll('=', '');
}
