import { Injectable } from '@nestjs/common';
import { ROLES } from '../config/definitions';
import { Settings } from '../config/settings';
import { combinations } from '../telemetry/metrics/label-sets';
import { MetricsRegistry } from '../telemetry/metrics/metrics-registry';
import { Leadership } from './leadership';

/** What a process does. */
@Injectable()
export class RoleMetrics {
  constructor(settings: Settings, leadership: Leadership, metrics: MetricsRegistry) {
    const roles = metrics.gauge({
      name: 'process_role',
      help: 'Roles of this process: 1 for those that it has.',
      labels: ['role'] as const,
      known: combinations({ role: ROLES }),
    });
    for (const role of settings.ROLES) roles.set({ role }, 1);
    const leader = {
      name: 'process_is_leader',
      help: 'Whether this process leads: of all processes exactly one does.',
    };
    metrics.gauge(leader, (gauge) => gauge.set(leadership.isLeader ? 1 : 0));
  }
}
