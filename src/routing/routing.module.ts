import { Module } from '@nestjs/common';
import { DestinationsModule } from '../destinations/destinations.module';
import { RoutingRulesReader } from './routing-rules-reader';

@Module({ imports: [DestinationsModule], providers: [RoutingRulesReader], exports: [RoutingRulesReader] })
export class RoutingModule {}
