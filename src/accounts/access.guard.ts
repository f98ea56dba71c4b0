import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { UNDECLARED, type Need } from '../http/need';
import { Access } from './access';
import { NEED } from './needs';

/** Stands before every route. One that does not say what it needs is for operators only. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly access: Access,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const declared = [context.getHandler(), context.getClass()];
    const need = this.reflector.getAllAndOverride<Need | undefined>(NEED, declared) ?? UNDECLARED;
    const http = context.switchToHttp();
    await this.access.admit(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), need);
    return true;
  }
}
