import { Injectable, Logger } from '@nestjs/common';
import type { Actor, Author, Origin } from '../accounts/actor';
import { KnownSessions } from '../accounts/known-sessions';
import { PersonEntity } from '../accounts/person.entity';
import { Database } from '../database/database';
import { ApiError } from '../http/api-error';
import { InvitationsRepository } from './invitations.repository';
import { PasswordCheck, type ShownPassword } from './password-check';
import { PasswordHasher } from './password-hasher';
import { passwordFault } from './password-rules';
import { PeopleRepository, type RoleInAccount } from './people.repository';
import { PersonAudit } from './person-audit';
import { Places } from './places';
import { Sessions, type OpenSession } from './sessions';

/** Somebody who has just logged in, and where. */
export interface LoggedIn {
  readonly person: PersonEntity;
  readonly session: OpenSession;
  readonly place: RoleInAccount;
}

/** A person who is logged in, as one who changes something. */
export type PersonAuthor = Author & { readonly by: Extract<Actor, { readonly kind: 'person' }> };

export const INVITATION_GONE =
  'This invitation is not open: it was accepted or revoked, has expired, or never was.';
export const NO_PASSWORD = 'You log in by way of an OpenID provider, and have no password here.';

/** Logging in by password: with one, by an invitation, and changing it. */
@Injectable()
export class LogIn {
  private readonly logger = new Logger('People');

  constructor(
    private readonly database: Database,
    private readonly people: PeopleRepository,
    private readonly invitations: InvitationsRepository,
    private readonly passwords: PasswordCheck,
    private readonly hasher: PasswordHasher,
    private readonly places: Places,
    private readonly sessions: Sessions,
    private readonly known: KnownSessions,
    private readonly audit: PersonAudit,
  ) {}

  /**
   * Begins a session of whoever has this password.
   *
   * @throws ApiError as `PasswordCheck.verify` and `Places.choose`
   */
  async withPassword(
    shown: ShownPassword,
    account_id: string | undefined,
    origin: Origin,
  ): Promise<LoggedIn> {
    const right = await this.passwords.verify(shown, origin);
    const { person } = right;
    const place = await this.places.choose(person.id, account_id);
    const session = await this.database.write(async (tx, now) => {
      await this.passwords.confirm(tx, now, right);
      return this.sessions.begin(tx, now, person, origin);
    });
    return { person, session, place };
  }

  /**
   * Makes whoever has an invitation's token a person of its account, and begins a session: of a new person with this
   * password, or of the one that there is, who must show theirs. Whoever invites has seen the token, and must not
   * become somebody else by it.
   *
   * @throws ApiError 404 where the token is none that is open, 400 where the password will not do, and as
   *   `PasswordCheck.verify`
   */
  async byInvitation(token: string, password: string, origin: Origin): Promise<LoggedIn> {
    const invitation = await this.invitations.findByToken(token);
    if (invitation === null) throw invitationGone();
    const { id, email, account_id, role } = invitation;
    const isKnown = (await this.people.findByEmail(email)) !== null;
    const right = isKnown ? await this.passwords.verify({ email, password }, origin) : null;
    const password_hash = isKnown ? null : await this.hashNew(password, email);
    const loggedIn = await this.database.write(async (tx, now) => {
      if (!(await this.invitations.accept(tx, now, id))) throw invitationGone();
      if (right !== null) await this.passwords.confirm(tx, now, right);
      const newPerson = { email, password_hash, oidc_issuer: null, oidc_subject: null };
      const person = right?.person ?? (await this.people.add(tx, now, newPerson));
      // Null where somebody has just become this person by another invitation.
      if (person === null) throw new ApiError(409, 'conflict', 'Try again.');
      const by = { kind: 'person', id: person.id, email, session_id: null } as const;
      const hasJoined = await this.people.join(tx, now, { ...origin, by }, { account_id, role, person });
      if (!hasJoined) throw invitationGone();
      const session = await this.sessions.begin(tx, now, person, origin);
      return { person, session, place: { account_id, role } };
    });
    this.known.forget();
    this.logger.log({ account_id, person_id: loggedIn.person.id, role }, 'invitation accepted');
    return loggedIn;
  }

  /**
   * Changes the password of a person who is logged in; all their other sessions end.
   *
   * @throws ApiError 409 where they have none, 400 where the new one will not do, and as `PasswordCheck.verify`
   */
  async changePassword(
    author: PersonAuthor,
    { current, next }: { readonly current: string; readonly next: string },
  ): Promise<void> {
    const { id, email, session_id } = author.by;
    const person = await this.people.find(id);
    if (person === null || person.password_hash === null) throw new ApiError(409, 'no_password', NO_PASSWORD);
    assertAcceptable(next, email);
    const right = await this.passwords.verify({ email, password: current }, author);
    const password_hash = await this.hasher.hash(next);
    await this.database.write(async (tx, now) => {
      await this.passwords.confirm(tx, now, right);
      await tx.update(PersonEntity, { id }, { password_hash });
      await this.sessions.endOthers(tx, now, id, session_id);
      await this.audit.note(tx, now, author, id, { action: 'person.password_changed', subject: id });
    });
    this.known.forget();
    this.logger.log({ person_id: id }, 'password changed, and other sessions ended');
  }

  private hashNew(password: string, email: string): Promise<string> {
    assertAcceptable(password, email);
    return this.hasher.hash(password);
  }
}

function assertAcceptable(password: string, email: string): void {
  const fault = passwordFault(password, email);
  if (fault !== null) throw new ApiError(400, 'password_refused', fault);
}

function invitationGone(): ApiError {
  return new ApiError(404, 'invitation_not_found', INVITATION_GONE);
}
