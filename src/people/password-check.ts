import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Origin } from '../accounts/actor';
import { PersonEntity } from '../accounts/person.entity';
import { Database } from '../database/database';
import { ApiError } from '../http/api-error';
import { LoginAttempts, type Attempt } from './login-attempts';
import { PasswordHasher } from './password-hasher';
import { LONGEST_PASSWORD_TEXT } from './password-rules';
import { PeopleRepository } from './people.repository';
import { PersonAudit } from './person-audit';

/** What a person shows. */
export interface ShownPassword {
  /** As `normalEmail` gives it. */
  readonly email: string;
  readonly password: string;
}

/** A person whose password was right, and the try that has shown it. */
export interface Shown {
  readonly person: PersonEntity & { readonly password_hash: string };
  readonly attempt: Attempt;
}

const WRONG = 'The e-mail address or the password is wrong.';

/**
 * Looks at passwords, and counts who is wrong how often. What is answered, and how long it takes, is the same for
 * people who are there and for those who are not; while one is locked, nothing but the time to wait is told.
 */
@Injectable()
export class PasswordCheck {
  private readonly logger = new Logger('People');

  constructor(
    private readonly database: Database,
    private readonly people: PeopleRepository,
    private readonly attempts: LoginAttempts,
    private readonly hasher: PasswordHasher,
    private readonly audit: PersonAudit,
  ) {}

  /**
   * The person whose password it is. Its transaction has to `confirm` that before it changes anything.
   *
   * @throws ApiError 401 where it is wrong, nobody's, or not looked at; 503 where too many log in at once
   */
  async verify({ email, password }: ShownPassword, origin: Origin): Promise<Shown> {
    const attempt = await this.attempts.begin(email, origin.address ?? '');
    if (!attempt.isAllowed) throw wrongPassword(attempt);
    const person = await this.people.findByEmail(email);
    const isRight = await this.isRight(password, person, attempt);
    if (isRight && person !== null && hasPassword(person)) return { person, attempt };
    if (attempt.locksPerson) await this.noteLock(person, origin);
    throw wrongPassword(attempt);
  }

  /** In the transaction that a right password is good for: it is the same still, and the failures are forgotten. */
  async confirm(tx: EntityManager, now: number, { person, attempt }: Shown): Promise<void> {
    const { id, password_hash } = person;
    const { affected } = await tx.update(PersonEntity, { id, password_hash }, { last_login_at: now });
    if (affected === 0) throw wrongPassword(attempt);
    await this.attempts.succeed(tx, attempt, now);
  }

  private async isRight(password: string, person: PersonEntity | null, attempt: Attempt): Promise<boolean> {
    const text = password.length > LONGEST_PASSWORD_TEXT ? '' : password;
    try {
      return await this.hasher.isRight(text, person?.password_hash ?? null);
    } catch (error) {
      await this.attempts.withdraw(attempt);
      throw error;
    }
  }

  private async noteLock(person: PersonEntity | null, origin: Origin): Promise<void> {
    const line = { person_id: person?.id ?? null, address: origin.address };
    this.logger.warn(line, 'too many failed logins of one person: locked for a time');
    if (person === null) return;
    const author = { ...origin, by: { kind: 'system' } } as const;
    const change = { action: 'person.locked', subject: person.id } as const;
    await this.database.write((tx, now) => this.audit.note(tx, now, author, person.id, change));
  }
}

function hasPassword(person: PersonEntity): person is Shown['person'] {
  return person.password_hash !== null;
}

function wrongPassword({ waitMs }: Attempt): ApiError {
  const options = waitMs === 0 ? {} : { retryAfterS: Math.ceil(waitMs / 1_000) };
  return new ApiError(401, 'login_failed', WRONG, options);
}
