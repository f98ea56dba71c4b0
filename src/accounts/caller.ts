import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../http/api-error';
import type { RequestActor } from './actor';
import type { Grant } from './scope';

/** Who may do everything, for all accounts: ADMIN_TOKEN, an admin key, an operator, or anybody where there are no credentials. */
export interface Operator {
  readonly isOperator: true;
  readonly by: RequestActor;
}

/** A key or a person that may do some things for one account. */
export interface AccountCaller {
  readonly isOperator: false;
  readonly by: RequestActor;
  readonly account_id: string;
  readonly grants: readonly Grant[];
}

/** On whose behalf a request comes, as far as the guard has let it through. */
export type CallerIdentity = Operator | AccountCaller;

const callers = new WeakMap<FastifyRequest, CallerIdentity>();

/** Notes who a request comes from, for its handler. */
export function identifyCaller(request: FastifyRequest, caller: CallerIdentity): void {
  callers.set(request, caller);
}

/** Who a request comes from; undefined where no guard has asked, or let nobody through. */
export function findCaller(request: FastifyRequest): CallerIdentity | undefined {
  return callers.get(request);
}

/** Who a request comes from, which the guard has let through. */
export function callerOfRequest(request: FastifyRequest): CallerIdentity {
  const caller = callers.get(request);
  if (caller === undefined) throw new Error('a route that needs no scope has no caller');
  return caller;
}

/** A handler's parameter: the request's `CallerIdentity`. Only for routes that need a scope. */
export const Caller = createParamDecorator((_data: unknown, context: ExecutionContext): CallerIdentity => {
  return callerOfRequest(context.switchToHttp().getRequest<FastifyRequest>());
});

/** The one answer to everything that a credential does not allow; it tells nothing of what is there. */
export function forbidden(): ApiError {
  return new ApiError(403, 'forbidden', 'This credential does not allow that.');
}

/**
 * Whose data a caller gets to see: an operator whatever was asked for, or undefined for all accounts' where nothing
 * was; a key or a person their own account's.
 *
 * @throws ApiError 403 where one asks for another account's, whether there is such an account or not
 */
export function accountOf(caller: CallerIdentity, requested: string | undefined): string | undefined {
  if (caller.isOperator) return requested;
  if (requested !== undefined && requested !== caller.account_id) throw forbidden();
  return caller.account_id;
}

/** Whether a caller may do what needs a grant, where it may do anything. */
export function may(caller: CallerIdentity, grant: Grant): boolean {
  return caller.isOperator || caller.grants.includes(grant);
}

/** Whether something of an account is the caller's to know of; to all others it is as good as none. */
export function isTheirs(caller: CallerIdentity, { account_id }: { readonly account_id: string }): boolean {
  return caller.isOperator || caller.account_id === account_id;
}

/**
 * @throws ApiError 403 where one of the accounts is not the caller's, whether there is such an account or not
 */
export function assertMayWrite(caller: CallerIdentity, accountIds: Iterable<string>): void {
  if (caller.isOperator) return;
  for (const id of accountIds) if (id !== caller.account_id) throw forbidden();
}
