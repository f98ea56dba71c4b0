import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import type { Objective } from '../model/objective';
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
    for (const objective of this.objectives.all) {
      for (const route of this.missingOf(objective)) {
        this.logger.warn({ objective: objective.id, route }, 'an objective names a route that there is not');
      }
    }
  }

  /** The routes that an objective names and that there are not. */
  missingOf(objective: Objective): readonly string[] {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    const routes = 'routes' in objective ? (objective.routes ?? []) : [];
    return routes.filter((route) => {
      const [method = '', url = ''] = route.split(' ');
      return !fastify.hasRoute({ method, url });
    });
  }
}
