import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../database/database';
import { Statement } from '../database/statement';
import { LeaseEntity } from './lease.entity';

/** A lease that this process holds, as long as it is not over. */
export interface Lease {
  readonly name: string;
  readonly token: number;
}

/** The lease went to somebody else meanwhile: what was to be written under it must not be. */
export class LeaseLostError extends Error {
  constructor({ name }: Lease) {
    super(`the lease of ${name} went to another process`);
    this.name = 'LeaseLostError';
  }
}

const TAKE = new Statement<{ token: number }>(
  () => `
  INSERT INTO leases (name, holder, token, until, note) VALUES (?, ?, 1, ?, NULL)
  ON CONFLICT (name) DO UPDATE SET
    holder = excluded.holder, token = leases.token + 1, until = excluded.until, note = NULL
  WHERE leases.until <= ?
  RETURNING token`,
);

const RENEW = new Statement<{ token: number }>(
  () => 'UPDATE leases SET until = ? WHERE name = ? AND token = ? AND until > 0 RETURNING token',
);

const RELEASE = new Statement(() => 'UPDATE leases SET until = 0, note = ? WHERE name = ? AND token = ?');

const FENCE = new Statement<{ token: number }>(
  ({ name }) =>
    `SELECT token FROM leases WHERE name = ? AND token = ? ${name === 'postgres' ? 'FOR UPDATE' : ''}`,
);

/** What one process at a time may do, by rows of the database and its clock. */
@Injectable()
export class Leases {
  /** Who takes leases here, for people who read the table. */
  private readonly holder = `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`;

  constructor(private readonly database: Database) {}

  /** Takes a lease for a time, or answers null where somebody holds it. */
  async take(name: string, forMs: number): Promise<Lease | null> {
    const rows = await this.database.write((tx, now) => TAKE.run(tx, [name, this.holder, now + forMs, now]));
    return rows[0] === undefined ? null : { name, token: rows[0].token };
  }

  /** Holds a lease for longer, counted from now. False where somebody else has taken it meanwhile. */
  async renew({ name, token }: Lease, forMs: number): Promise<boolean> {
    const rows = await this.database.write((tx, now) => RENEW.run(tx, [now + forMs, name, token]));
    return rows.length > 0;
  }

  /** Gives a lease back, with what whoever waits for it may want to know. */
  async release({ name, token }: Lease, note: string | null = null): Promise<void> {
    await this.database.write((tx) => RELEASE.run(tx, [note, name, token]));
  }

  /**
   * To be called in the transaction that writes what was done under a lease.
   *
   * @throws LeaseLostError
   */
  async assertHeld(tx: EntityManager, lease: Lease): Promise<void> {
    const rows = await FENCE.run(tx, [lease.name, lease.token]);
    if (rows.length === 0) throw new LeaseLostError(lease);
  }

  /** The lease as it is now, or null where nobody ever took it. */
  find(name: string): Promise<LeaseEntity | null> {
    return this.database.read.findOneBy(LeaseEntity, { name });
  }
}
