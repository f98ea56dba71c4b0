import { Injectable } from '@nestjs/common';
import { forbidden } from '../accounts/caller';
import { ApiError } from '../http/api-error';
import { PeopleRepository, type RoleInAccount } from './people.repository';

export const NO_ACCOUNT = 'You belong to no account any more.';

/** Knows where people may work. */
@Injectable()
export class Places {
  constructor(private readonly people: PeopleRepository) {}

  /**
   * The account that is asked for, or else the first one of the person's, in the order of their ids.
   *
   * @throws ApiError 403 where it is none of the person's, or they have none
   */
  async choose(person_id: string, requested: string | undefined): Promise<RoleInAccount> {
    const roles = await this.people.rolesOf(person_id);
    const place =
      requested === undefined ? roles[0] : roles.find(({ account_id }) => account_id === requested);
    if (place !== undefined) return place;
    throw requested === undefined ? new ApiError(403, 'no_account', NO_ACCOUNT) : forbidden();
  }
}
