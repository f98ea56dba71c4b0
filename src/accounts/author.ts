import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Author, Origin } from './actor';
import { callerOfRequest } from './caller';

/** A handler's parameter: the `Author` of what it changes. Only for routes that need a scope. */
export const By = createParamDecorator((_data: unknown, context: ExecutionContext): Author => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  return { ...originOf(request), by: callerOfRequest(request).by };
});

/** From where a request comes. */
export function originOf({ ip, id }: FastifyRequest): Origin {
  return { address: ip, request_id: id };
}

/** A handler's parameter: the `Origin` of its request, of routes whose caller is not known beforehand. */
export const From = createParamDecorator((_data: unknown, context: ExecutionContext): Origin => {
  return originOf(context.switchToHttp().getRequest<FastifyRequest>());
});
