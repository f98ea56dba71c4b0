import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { ACCOUNT_ID } from '../../normalization/account-id';
import { DEFAULT_ACCOUNT } from '../../normalization/normalized-event';
import { accountOf, type CallerIdentity } from '../../accounts/caller';
import type { ApiError } from '../../http/api-error';
import { DefinitionFields, type DefinitionFault, type Rule } from '../../http/definition/definition-fields';
import { refusedDefinition } from '../../http/definition/refused-definition';
import { isObject } from '../../normalization/json-document';

/** Which route is meant. */
export class RouteParams {
  @ApiProperty({ example: 'route-9f2c41d07be3' })
  @Matches(/^[\w-]{1,64}$/, { message: 'id is not the id of a route' })
  id!: string;
}

const ACCOUNT: Rule<string> = {
  read: (value) => (typeof value === 'string' && ACCOUNT_ID.test(value) ? value : undefined),
  message: 'must be 1 to 64 letters, digits, dots, dashes and underscores',
};

/**
 * Whose routes a body is about: the caller's own where it says none, else `default`.
 *
 * @throws ApiError 403 where the account is another's
 */
export function accountIn(body: unknown, caller: CallerIdentity): string {
  return accountOf(caller, requestedAccount(body)) ?? DEFAULT_ACCOUNT;
}

/** The account that a body names; none where it is not an account id, which `fieldsOf` finds at fault. */
export function requestedAccount(body: unknown): string | undefined {
  return isObject(body) ? ACCOUNT.read(body['account_id']) : undefined;
}

/**
 * The fields of a body, of which the account is read already.
 *
 * @throws ApiError 400 where the body is no object
 */
export function fieldsOf(body: unknown): DefinitionFields {
  if (!isObject(body)) throw refusedRoutes([{ field: null, message: 'must be an object' }]);
  const fields = new DefinitionFields(body);
  fields.take<string | undefined>('account_id', ACCOUNT, undefined);
  return fields;
}

/** @throws ApiError 400 where there are faults */
export function assertFaultless({ faults }: DefinitionFields): void {
  if (faults.length > 0) throw refusedRoutes(faults);
}

/** The answer to routes, or a question about some, with faults. */
export function refusedRoutes(faults: readonly DefinitionFault[]): ApiError {
  return refusedDefinition('invalid_route', faults);
}
