import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Author } from '../accounts/actor';
import { Audit, type AuditedChange } from '../accounts/audit/audit';
import { MembershipEntity } from '../accounts/membership.entity';

/** The audit log of what concerns a person and no account alone: it stands with each account that they belong to. */
@Injectable()
export class PersonAudit {
  constructor(private readonly audit: Audit) {}

  /** Notes a change, as `Audit.note` does. */
  async note(
    tx: EntityManager,
    now: number,
    author: Author,
    person_id: string,
    change: Omit<AuditedChange, 'account_id'>,
  ): Promise<void> {
    const memberships = await tx.findBy(MembershipEntity, { person_id });
    const accounts = memberships.length === 0 ? [null] : memberships.map(({ account_id }) => account_id);
    for (const account_id of accounts) await this.audit.note(tx, now, author, { ...change, account_id });
  }
}
