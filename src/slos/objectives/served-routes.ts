import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { Objectives } from './objectives';

/** Warns of routes that objectives name and that there are not: such an objective would never have any data. */
@Injectable()
export class ServedRoutes implements OnApplicationBootstrap {
  private readonly logger = new Logger('Slos');

  constructor(
    private readonly objectives: Objectives,
    private readonly host: HttpAdapterHost,
  ) {}

  onApplicationBootstrap(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    for (const objective of this.objectives.all) {
      const routes = 'routes' in objective ? (objective.routes ?? []) : [];
      for (const route of routes) {
        const [method = '', url = ''] = route.split(' ');
        if (fastify.hasRoute({ method: method, url })) continue;
        this.logger.warn({ objective: objective.id, route }, 'an objective names a route that there is not');
      }
    }
  }
}
