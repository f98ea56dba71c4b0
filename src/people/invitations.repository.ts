import { Injectable } from '@nestjs/common';
import { IsNull, LessThan, MoreThan, type EntityManager, type FindOptionsWhere } from 'typeorm';
import { AccountEntity } from '../accounts/account.entity';
import { nameOf, type Author } from '../accounts/actor';
import { Audit } from '../accounts/audit/audit';
import { Database } from '../database/database';
import { UuidV7Sequence } from '../normalization/uuid-v7';
import type { AccountRole } from '../config/account-role';
import { InvitationEntity } from './invitation.entity';
import { keptOf } from './secret-token';
import { Statement } from '../database/statement';

const DAY_MS = 86_400_000;

/** So long an invitation can be accepted. */
export const INVITATION_MS = 7 * DAY_MS;

/** So long after that it is still listed. */
const LISTED_MS = 90 * DAY_MS;

/** Whom to invite where. */
export interface NewInvitation {
  readonly account_id: string;
  readonly email: string;
  readonly role: AccountRole;
  /** SHA-256 of its token. */
  readonly hash: string;
}

const IS_MEMBER = new Statement<unknown>(
  () => `
  SELECT 1 FROM memberships m JOIN people p ON p.id = m.person_id WHERE m.account_id = ? AND p.email = ?`,
);

/** The table of invitations. */
@Injectable()
export class InvitationsRepository {
  private readonly ids = new UuidV7Sequence();

  constructor(
    private readonly database: Database,
    private readonly audit: Audit,
  ) {}

  /** Adds an invitation, which takes the place of an earlier one of the same address. */
  async add(
    author: Author,
    invitation: NewInvitation,
  ): Promise<InvitationEntity | 'account_not_found' | 'already_member'> {
    return this.database.write(async (tx, now) => {
      const { account_id, email, role } = invitation;
      // The change holds the account's row: nobody else invites the same address, or deletes the account, meanwhile.
      const account = { id: account_id, deleted_at: IsNull() };
      const { affected } = await tx.update(AccountEntity, account, { updated_at: now });
      if (affected === 0) return 'account_not_found';
      if ((await IS_MEMBER.run(tx, [account_id, email])).length > 0) return 'already_member';
      await tx.update(InvitationEntity, { ...open(now), account_id, email }, { revoked_at: now });
      const id = this.ids.next(now);
      const more = { id, invited_by: nameOf(author.by), created_at: now, expires_at: now + INVITATION_MS };
      await tx.insert(InvitationEntity, { ...invitation, ...more });
      const after = { email, role };
      await this.audit.note(tx, now, author, { account_id, action: 'invitation.made', subject: id, after });
      return tx.findOneByOrFail(InvitationEntity, { id });
    });
  }

  /** Invitations of an account, oldest first, those after `after`. */
  list(account_id: string, limit: number, after: string | undefined): Promise<InvitationEntity[]> {
    return this.database.read.find(InvitationEntity, {
      where: { account_id, ...(after === undefined ? {} : { id: MoreThan(after) }) },
      order: { id: 'ASC' },
      take: limit,
    });
  }

  /** Revokes an invitation; one that is accepted or revoked stays as it is. False where the account has no such one. */
  async revoke(author: Author, account_id: string, id: string): Promise<boolean> {
    return this.database.write(async (tx, now) => {
      const invitation = await tx.findOneBy(InvitationEntity, { id, account_id });
      if (invitation === null) return false;
      const pending = { id, accepted_at: IsNull(), revoked_at: IsNull() };
      const { affected } = await tx.update(InvitationEntity, pending, { revoked_at: now });
      if (affected === 0) return true;
      const { email, role } = invitation;
      const before = { email, role };
      await this.audit.note(tx, now, author, {
        account_id,
        action: 'invitation.revoked',
        subject: id,
        before,
      });
      return true;
    });
  }

  /** The invitation that a token is for; null where it is none that can be accepted now. */
  async findByToken(token: string): Promise<InvitationEntity | null> {
    const now = await this.database.now();
    return this.database.read.findOneBy(InvitationEntity, { ...open(now), hash: keptOf(token) });
  }

  /** Marks an invitation as accepted; false where somebody has just accepted or revoked it. */
  async accept(tx: EntityManager, now: number, id: string): Promise<boolean> {
    const { affected } = await tx.update(InvitationEntity, { ...open(now), id }, { accepted_at: now });
    return affected !== 0;
  }

  /** The invitations of an address that can be accepted now, in the order of their accounts. */
  openOf(tx: EntityManager, now: number, email: string): Promise<InvitationEntity[]> {
    return tx.find(InvitationEntity, { where: { ...open(now), email }, order: { account_id: 'ASC' } });
  }

  /** Removes invitations that expired long ago. */
  async removeOld(now: number): Promise<void> {
    await this.database.write(async (tx) => {
      await tx.delete(InvitationEntity, { expires_at: LessThan(now - LISTED_MS) });
    });
  }
}

function open(now: number): FindOptionsWhere<InvitationEntity> {
  return { accepted_at: IsNull(), revoked_at: IsNull(), expires_at: MoreThan(now) };
}
