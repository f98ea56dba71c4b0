import { Global, Module } from '@nestjs/common';
import { Leadership } from './leadership';
import { Leases } from './leases';

/** Which process does what only one may do. */
@Global()
@Module({ providers: [Leases, Leadership], exports: [Leases, Leadership] })
export class RolesModule {}
