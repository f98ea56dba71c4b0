import type { OperationObject } from '@nestjs/swagger';
import type { Failures } from './api-failure';
import { NEED_EXTENSION, NEEDS, UNDECLARED, type Need } from './need';

/** Name of the document's one security scheme. */
export const BEARER_SCHEME = 'bearer';

/** What an operation answers to those whom it does not let in. */
export const OF_GUARDED: Readonly<Record<number, Failures>> = {
  401: { unauthenticated: 'Send a valid credential: Authorization: Bearer <key>.' },
  403: { forbidden: 'This credential does not allow that.' },
};

/** Says in an operation's description what it needs, and answers that. */
export function describeNeed(operation: OperationObject): Need {
  const need = (operation as { [NEED_EXTENSION]?: Need })[NEED_EXTENSION] ?? UNDECLARED;
  const sentences = [operation.description, NEEDS[need]].filter((text) => text !== undefined && text !== '');
  Object.assign(operation, {
    description: sentences.join(' '),
    security: need === 'none' ? [] : [{ [BEARER_SCHEME]: [] }],
    [NEED_EXTENSION]: need,
  });
  return need;
}
