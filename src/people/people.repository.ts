import { Injectable } from '@nestjs/common';
import { IsNull, type EntityManager } from 'typeorm';
import { AccountEntity } from '../accounts/account.entity';
import type { Author } from '../accounts/actor';
import { Audit } from '../accounts/audit/audit';
import { KnownSessions } from '../accounts/known-sessions';
import { MembershipEntity } from '../accounts/membership.entity';
import { PersonEntity } from '../accounts/person.entity';
import type { AccountRole } from '../config/account-role';
import { Database } from '../database/database';
import { Statement } from '../database/statement';
import { UuidV7Sequence } from '../normalization/uuid-v7';
import { Sessions } from './sessions';

/** A person of an account. */
export interface Member {
  readonly id: string;
  readonly email: string;
  readonly role: AccountRole;
  readonly operator_since: number | null;
  readonly last_login_at: number | null;
  /** When they became a person of the account. */
  readonly created_at: number;
}

/** What a person is in an account. */
export interface RoleInAccount {
  readonly account_id: string;
  readonly role: AccountRole;
}

/** Which person of which account is meant, and whether the account must keep an admin: only operators may leave none. */
export interface MemberChoice {
  readonly account_id: string;
  readonly id: string;
  readonly keepsAnAdmin: boolean;
}

/** What of a person of an account can be changed. */
export interface MemberChange {
  readonly role?: AccountRole | undefined;
  readonly isOperator?: boolean | undefined;
}

/** Why a person of an account is not changed or removed. */
export type MemberRefusal = 'person_not_found' | 'last_admin';

const MEMBERS = (condition: string): string => `
  SELECT p.id, p.email, m.role, p.operator_since, p.last_login_at, m.created_at
  FROM memberships m JOIN people p ON p.id = m.person_id WHERE m.account_id = ? AND ${condition}`;

const LIST = new Statement<Member>(() => `${MEMBERS('p.id > ?')} ORDER BY p.id LIMIT ?`);
const FIND = new Statement<Member>(() => MEMBERS('p.id = ?'));

const ROLES_OF = new Statement<RoleInAccount>(
  () => `
  SELECT m.account_id, m.role FROM memberships m JOIN accounts a ON a.id = m.account_id
  WHERE m.person_id = ? AND a.deleted_at IS NULL ORDER BY m.account_id`,
);

const INSERT = new Statement<{ id: string }>(
  () => `
  INSERT INTO people (id, email, password_hash, oidc_issuer, oidc_subject, created_at, last_login_at)
  VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id`,
);

const REMOVE_STRAYS = new Statement(
  () => `
  DELETE FROM people WHERE created_at < ?
    AND NOT EXISTS (SELECT 1 FROM memberships m WHERE m.person_id = people.id)`,
);

/**
 * People, and what they are in accounts. Whoever changes who belongs to an account holds the account's row meanwhile,
 * so that the last admin stays the last one. A person who belongs nowhere any more is forgotten.
 */
@Injectable()
export class PeopleRepository {
  private readonly ids = new UuidV7Sequence();

  constructor(
    private readonly database: Database,
    private readonly audit: Audit,
    private readonly sessions: Sessions,
    private readonly known: KnownSessions,
  ) {}

  find(id: string): Promise<PersonEntity | null> {
    return this.database.read.findOneBy(PersonEntity, { id });
  }

  /** @param email as `normalEmail` gives it */
  findByEmail(email: string): Promise<PersonEntity | null> {
    return this.database.read.findOneBy(PersonEntity, { email });
  }

  /** What a person is in which accounts, in the order of their ids; deleted ones are left out. */
  rolesOf(person_id: string): Promise<RoleInAccount[]> {
    return ROLES_OF.run(this.database.read, [person_id]);
  }

  /** People of an account, in the order of their ids, those after `after`. */
  list(account_id: string, limit: number, after: string | undefined): Promise<Member[]> {
    return LIST.run(this.database.read, [account_id, after ?? '', limit]);
  }

  /** Adds a person; null where there is one of that address. */
  async add(
    tx: EntityManager,
    now: number,
    person: Pick<PersonEntity, 'email' | 'password_hash' | 'oidc_issuer' | 'oidc_subject'>,
  ): Promise<PersonEntity | null> {
    const id = this.ids.next(now);
    const { email, password_hash, oidc_issuer, oidc_subject } = person;
    const added = await INSERT.run(tx, [id, email, password_hash, oidc_issuer, oidc_subject, now, now]);
    return added.length === 0 ? null : tx.findOneByOrFail(PersonEntity, { id });
  }

  /** Gives a person a role in an account; one who has one there keeps it. False where the account is gone. */
  async join(
    tx: EntityManager,
    now: number,
    author: Author,
    { account_id, role, person }: RoleInAccount & { readonly person: PersonEntity },
  ): Promise<boolean> {
    if (!(await holdAccount(tx, account_id, now))) return false;
    const key = { account_id, person_id: person.id };
    if ((await tx.findOneBy(MembershipEntity, key)) !== null) return true;
    await tx.insert(MembershipEntity, { ...key, role, created_at: now });
    const after = { email: person.email, role };
    await this.audit.note(tx, now, author, {
      account_id,
      action: 'person.joined',
      subject: person.id,
      after,
    });
    return true;
  }

  /**
   * Makes a person in an account what they are to be, or nothing; without regard to whether an admin is left. False where
   * the account is gone.
   */
  async assign(
    tx: EntityManager,
    now: number,
    author: Author,
    { account_id, role, person }: { account_id: string; role: AccountRole | null; person: PersonEntity },
  ): Promise<boolean> {
    const { id } = person;
    const member = await this.hold(tx, now, account_id, id);
    if (role !== null && member === null) return this.join(tx, now, author, { account_id, role, person });
    if (member === null) return true;
    if (role === null) await this.removeHeld(tx, now, author, account_id, member);
    else await this.changeHeld(tx, now, author, account_id, member, { role });
    return true;
  }

  /** Changes what a person is. */
  async change(
    author: Author,
    { account_id, id, keepsAnAdmin }: MemberChoice,
    { role, isOperator }: MemberChange,
  ): Promise<Member | MemberRefusal> {
    const changed = await this.database.write(async (tx, now) => {
      const member = await this.hold(tx, now, account_id, id);
      if (member === null) return 'person_not_found';
      const isOtherRole = role !== undefined && role !== member.role;
      if (isOtherRole && keepsAnAdmin && (await isLastAdmin(tx, account_id, member))) return 'last_admin';
      return this.changeHeld(tx, now, author, account_id, member, { role, isOperator });
    });
    this.known.forget();
    return changed;
  }

  /** Takes a person their role in an account; null is success. */
  async remove(
    author: Author,
    { account_id, id, keepsAnAdmin }: MemberChoice,
  ): Promise<MemberRefusal | null> {
    const refusal = await this.database.write(async (tx, now) => {
      const member = await this.hold(tx, now, account_id, id);
      if (member === null) return 'person_not_found';
      if (keepsAnAdmin && (await isLastAdmin(tx, account_id, member))) return 'last_admin';
      await this.removeHeld(tx, now, author, account_id, member);
      return null;
    });
    this.known.forget();
    return refusal;
  }

  /** Removes people whose accounts retention has removed; those of the last day may be about to join one. */
  async removeStrays(before: number): Promise<void> {
    await this.database.write((tx) => REMOVE_STRAYS.run(tx, [before]));
  }

  private async hold(tx: EntityManager, now: number, account_id: string, id: string): Promise<Member | null> {
    if (!(await holdAccount(tx, account_id, now))) return null;
    const [member] = await FIND.run(tx, [account_id, id]);
    return member ?? null;
  }

  /** Changes a person of an account whose row is held. */
  private async changeHeld(
    tx: EntityManager,
    now: number,
    author: Author,
    account_id: string,
    member: Member,
    { role, isOperator }: MemberChange,
  ): Promise<Member> {
    const { id } = member;
    if (role !== undefined) await tx.update(MembershipEntity, { account_id, person_id: id }, { role });
    const isSame = isOperator === undefined || isOperator === (member.operator_since !== null);
    if (!isSame) await tx.update(PersonEntity, { id }, { operator_since: isOperator ? now : null });
    const [after] = await FIND.run(tx, [account_id, id]);
    await this.audit.note(tx, now, author, {
      account_id,
      action: 'person.changed',
      subject: id,
      before: auditedFields(member),
      after: auditedFields(after as Member),
    });
    return after as Member;
  }

  /** Takes a person their role in an account whose row is held. */
  private async removeHeld(
    tx: EntityManager,
    now: number,
    author: Author,
    account_id: string,
    member: Member,
  ): Promise<void> {
    const { id } = member;
    await tx.delete(MembershipEntity, { account_id, person_id: id });
    await this.forgetStray(tx, now, id);
    const before = auditedFields(member);
    await this.audit.note(tx, now, author, { account_id, action: 'person.removed', subject: id, before });
  }

  /** Whoever belongs to no account can do nothing any more. */
  private async forgetStray(tx: EntityManager, now: number, id: string): Promise<void> {
    if (await tx.existsBy(MembershipEntity, { person_id: id })) return;
    await tx.delete(PersonEntity, { id });
    await this.sessions.endOthers(tx, now, id, null);
  }
}

/** The change holds the account's row. False where there is no such account. */
async function holdAccount(tx: EntityManager, id: string, now: number): Promise<boolean> {
  const { affected } = await tx.update(AccountEntity, { id, deleted_at: IsNull() }, { updated_at: now });
  return affected !== 0;
}

/** Whether nobody but a member is left who can let people into their account. */
async function isLastAdmin(tx: EntityManager, account_id: string, { id, role }: Member): Promise<boolean> {
  if (role !== 'admin') return false;
  const admins = await tx.findBy(MembershipEntity, { account_id, role: 'admin' });
  return admins.every(({ person_id }) => person_id === id);
}

function auditedFields({ email, role, operator_since }: Member): Record<string, unknown> {
  return { email, role, operator: operator_since !== null };
}
