import { Global, Module } from '@nestjs/common';
import { Leadership } from './leadership';
import { Leases } from './leases';
import { RoleMetrics } from './role-metrics';

/** Which process does what only one may do. */
@Global()
@Module({ providers: [Leases, Leadership, RoleMetrics], exports: [Leases, Leadership] })
export class RolesModule {}
