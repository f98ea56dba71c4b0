import type { Answer } from '../harness/service-client';

/** A call of an operation that succeeds, and one that fails. */
export interface Calls {
  readonly success: () => Promise<Answer>;
  readonly failure: () => Promise<Pick<Answer, 'status' | 'body'>>;
}
