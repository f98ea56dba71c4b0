import { Injectable, Logger } from '@nestjs/common';
import { IsNull, type EntityManager } from 'typeorm';
import type { Origin } from '../../accounts/actor';
import { KnownSessions } from '../../accounts/known-sessions';
import { PersonEntity } from '../../accounts/person.entity';
import { Settings } from '../../config/settings';
import { Database } from '../../database/database';
import { ApiError } from '../../http/api-error';
import { normalEmail } from '../email';
import { InvitationsRepository } from '../invitations.repository';
import type { LoggedIn } from '../log-in';
import { PeopleRepository } from '../people.repository';
import { PersonAudit } from '../person-audit';
import { Places } from '../places';
import { Sessions } from '../sessions';
import { grantedRoles, type GrantedRole } from './granted-roles';
import type { Identity } from './openid-provider';

export const NOT_VERIFIED = 'The OpenID provider does not vouch for an e-mail address of yours.';
export const NOT_INVITED = 'Nobody of this e-mail address is invited here.';

/** An identity whose e-mail address the provider vouches for. */
type Vouched = Omit<Identity, 'verified_email'> & { readonly email: string };

/**
 * Logging in by way of the OpenID provider: people who are known, invited ones, and those to whom it gives a role. It
 * vouches for the address, and so an invitation needs no token here. In accounts that OIDC_ROLE_MAP names it alone says
 * what the people who log in by it are, and so an invitation there is none for them.
 */
@Injectable()
export class ProviderLogin {
  private readonly logger = new Logger('People');

  constructor(
    private readonly settings: Settings,
    private readonly database: Database,
    private readonly people: PeopleRepository,
    private readonly invitations: InvitationsRepository,
    private readonly places: Places,
    private readonly sessions: Sessions,
    private readonly known: KnownSessions,
    private readonly audit: PersonAudit,
  ) {}

  /**
   * Begins a session of whoever this is, and accepts the invitations of their address.
   *
   * @throws ApiError 403 where the address is not verified, or nobody's who is known or invited
   */
  async logIn({ issuer, subject, verified_email, role_values }: Identity, origin: Origin): Promise<LoggedIn> {
    if (verified_email === null) throw new ApiError(403, 'email_not_verified', NOT_VERIFIED);
    const identity = { issuer, subject, email: normalEmail(verified_email), role_values };
    const person = await this.database.write((tx, now) => this.admit(tx, now, identity, origin));
    this.known.forget();
    const place = await this.places.choose(person.id, undefined);
    const session = await this.database.write(async (tx, now) => {
      await tx.update(PersonEntity, { id: person.id }, { last_login_at: now });
      return this.sessions.begin(tx, now, person, origin);
    });
    this.logger.log({ person_id: person.id }, 'logged in by the OpenID provider');
    return { person, session, place };
  }

  private async admit(
    tx: EntityManager,
    now: number,
    identity: Vouched,
    origin: Origin,
  ): Promise<PersonEntity> {
    const { email, issuer: oidc_issuer, subject: oidc_subject } = identity;
    const granted = grantedRoles(this.settings.OIDC_ROLE_MAP, identity.role_values);
    const isGranted = (id: string): boolean => granted.some(({ account_id }) => account_id === id);
    const open = await this.invitations.openOf(tx, now, email);
    const invitations = open.filter(({ account_id }) => !isGranted(account_id));
    const known =
      (await tx.findOneBy(PersonEntity, { oidc_issuer, oidc_subject })) ??
      (await this.link(tx, now, identity, origin));
    const isExpected = invitations.length > 0 || granted.some(({ role }) => role !== null);
    if (known === null && !isExpected) throw new ApiError(403, 'not_invited', NOT_INVITED);
    const newPerson = { email, password_hash: null, oidc_issuer, oidc_subject };
    const person = known ?? (await this.people.add(tx, now, newPerson));
    // There is a person of this address who is somebody else at the provider.
    if (person === null) throw new ApiError(403, 'not_invited', NOT_INVITED);
    const by = { kind: 'person', id: person.id, email: person.email, session_id: null } as const;
    for (const { id, account_id, role } of invitations) {
      await this.people.join(tx, now, { ...origin, by }, { account_id, role, person });
      await this.invitations.accept(tx, now, id);
    }
    await this.assign(tx, now, granted, person, origin);
    return person;
  }

  /** Last those in which they are nothing: who belongs nowhere any more is forgotten. */
  private async assign(
    tx: EntityManager,
    now: number,
    granted: readonly GrantedRole[],
    person: PersonEntity,
    origin: Origin,
  ): Promise<void> {
    const author = { ...origin, by: { kind: 'system' } } as const;
    for (const { account_id, role } of granted) {
      if (await this.people.assign(tx, now, author, { account_id, role, person })) continue;
      if (role !== null) this.logger.warn({ account_id }, 'OIDC_ROLE_MAP names an account that is not there');
    }
  }

  /**
   * The person of the address, who first comes this way; null where there is none. Their password and their sessions
   * end: the provider has shown whose the address is, and whoever chose the password has not.
   */
  private async link(
    tx: EntityManager,
    now: number,
    { email, issuer: oidc_issuer, subject: oidc_subject }: Vouched,
    origin: Origin,
  ): Promise<PersonEntity | null> {
    const unlinked = { email, oidc_subject: IsNull() };
    const change = { oidc_issuer, oidc_subject, password_hash: null };
    const { affected } = await tx.update(PersonEntity, unlinked, change);
    if (affected === 0) return null;
    const person = await tx.findOneByOrFail(PersonEntity, { email });
    const by = { kind: 'person', id: person.id, email, session_id: null } as const;
    await this.sessions.endOthers(tx, now, person.id, null);
    await this.audit.note(tx, now, { ...origin, by }, person.id, {
      action: 'person.linked',
      subject: person.id,
      after: { oidc_issuer, oidc_subject },
    });
    return person;
  }
}
