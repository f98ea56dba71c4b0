import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LessThan, type EntityManager } from 'typeorm';
import { Database } from '../database/database';
import { Statement } from '../database/statement';
import {
  FORGOTTEN_AFTER_MS,
  networkOf,
  OF_ADDRESS,
  OF_PERSON,
  waitOf,
  withFailure,
  withoutFailure,
  type FailureCount,
  type LockPolicy,
} from './lock-out';
import { LoginFailuresEntity } from './login-failures.entity';

/** Holds a subject's row until the transaction ends, and makes it where there is none. */
const HOLD = new Statement<FailureCount>(
  () => `
  INSERT INTO login_failures (subject, failures, failed_at, locked_until) VALUES (?, 0, ?, 0)
  ON CONFLICT (subject) DO UPDATE SET subject = excluded.subject
  RETURNING failures, failed_at, locked_until`,
);

/** A try to log in, counted as failed until it turns out otherwise. */
export interface Attempt {
  readonly person: string;
  readonly address: string;
  /** Whether its password is to be looked at; false while the person or the address is locked. */
  readonly isAllowed: boolean;
  /** Milliseconds after which the next try is looked at, should this one fail. */
  readonly waitMs: number;
  /** Whether it is this one, should it fail, that locks the person. */
  readonly locksPerson: boolean;
}

/**
 * Failed logins, of each person and of each address, in the database: processes count together. A try counts before
 * its password is looked at, so that nobody gets more of them by making them at once.
 */
@Injectable()
export class LoginAttempts {
  constructor(private readonly database: Database) {}

  /** Counts a try. One that comes while the person or the address is locked is not counted, nor looked at. */
  async begin(email: string, address: string): Promise<Attempt> {
    const person = `person:${hash('sha256', email)}`;
    const network = `address:${networkOf(address)}`;
    return this.database.write(async (tx, now) => {
      // Always in this order, so that nobody waits in a circle.
      const ofAddress = await hold(tx, network, now);
      const ofPerson = await hold(tx, person, now);
      const locked = Math.max(waitOf(ofAddress, now), waitOf(ofPerson, now));
      if (locked > 0)
        return { person, address: network, isAllowed: false, waitMs: locked, locksPerson: false };
      const addressWait = await count(tx, network, ofAddress, { policy: OF_ADDRESS, now });
      const personWait = await count(tx, person, ofPerson, { policy: OF_PERSON, now });
      const waitMs = Math.max(addressWait, personWait);
      return { person, address: network, isAllowed: true, waitMs, locksPerson: personWait > 0 };
    });
  }

  /**
   * Takes back the failure of a try that was right: the person's earlier ones are forgotten, the address's are not,
   * for anybody could be right about themself between two guesses about somebody else.
   */
  async succeed(tx: EntityManager, { person, address }: Attempt, now: number): Promise<void> {
    await takeBack(tx, address, now);
    await tx.delete(LoginFailuresEntity, { subject: person });
  }

  /** Takes back a try that could not be looked at. */
  async withdraw({ person, address }: Attempt): Promise<void> {
    await this.database.write(async (tx, now) => {
      await takeBack(tx, address, now);
      await takeBack(tx, person, now);
    });
  }

  /** Removes what is forgotten. */
  async removeForgotten(now: number): Promise<void> {
    await this.database.write(async (tx) => {
      await tx.delete(LoginFailuresEntity, { failed_at: LessThan(now - FORGOTTEN_AFTER_MS) });
    });
  }
}

async function hold(tx: EntityManager, subject: string, now: number): Promise<FailureCount> {
  const [row] = await HOLD.run(tx, [subject, now]);
  return row as FailureCount;
}

/** Gives the milliseconds for which it locks. */
async function count(
  tx: EntityManager,
  subject: string,
  before: FailureCount,
  { policy, now }: { readonly policy: LockPolicy; readonly now: number },
): Promise<number> {
  const after = withFailure(before, policy, now);
  await tx.update(LoginFailuresEntity, { subject }, after);
  return waitOf(after, now);
}

async function takeBack(tx: EntityManager, subject: string, now: number): Promise<void> {
  await tx.update(LoginFailuresEntity, { subject }, withoutFailure(await hold(tx, subject, now)));
}
