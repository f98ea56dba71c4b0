import { ACCOUNT_ID } from '../../normalization/account-id';
import { isObject } from '../../normalization/json-document';
import type { DefinitionFault } from '../../http/definition/definition-fields';

/** A body that says whose something is, besides what it is. */
export interface OwnedBody {
  /** Undefined where it says none, or none that can be. */
  readonly account_id: string | undefined;
  /** The body without it. */
  readonly rest: unknown;
  readonly faults: readonly DefinitionFault[];
}

/** Takes the account out of a body. */
export function takeAccountId(body: unknown): OwnedBody {
  if (!isObject(body)) return { account_id: undefined, rest: body, faults: [] };
  const { account_id, ...rest } = body;
  if (account_id === undefined) return { account_id, rest, faults: [] };
  if (typeof account_id === 'string' && ACCOUNT_ID.test(account_id)) return { account_id, rest, faults: [] };
  const message = 'must be 1 to 64 letters, digits, dots, dashes and underscores';
  return { account_id: undefined, rest, faults: [{ field: 'account_id', message }] };
}
