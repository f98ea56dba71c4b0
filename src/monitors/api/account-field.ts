import { ACCOUNT_ID } from '../../normalization/account-id';
import { isObject } from '../../normalization/json-document';
import { DEFAULT_ACCOUNT } from '../../normalization/normalized-event';
import type { DefinitionFault } from '../model/definition-fields';

/** A body that says whose something is, besides what it is. */
export interface OwnedBody {
  readonly account_id: string;
  /** The body without it. */
  readonly rest: unknown;
  readonly faults: readonly DefinitionFault[];
}

/** Takes the account out of a body; `default` where it says none. */
export function takeAccountId(body: unknown): OwnedBody {
  if (!isObject(body)) return { account_id: DEFAULT_ACCOUNT, rest: body, faults: [] };
  const { account_id = DEFAULT_ACCOUNT, ...rest } = body;
  if (typeof account_id === 'string' && ACCOUNT_ID.test(account_id)) return { account_id, rest, faults: [] };
  const message = 'must be 1 to 64 letters, digits, dots, dashes and underscores';
  return { account_id: DEFAULT_ACCOUNT, rest, faults: [{ field: 'account_id', message }] };
}
