import { Module } from '@nestjs/common';
import { ReliabilityModule } from '../reliability/reliability.module';
import { DestinationClients } from './destination-clients';
import { OwnAddress } from './own-address';
import { PagerDutyDestination } from './pagerduty.destination';

@Module({
  imports: [ReliabilityModule],
  providers: [OwnAddress, PagerDutyDestination, DestinationClients],
  exports: [DestinationClients],
})
export class DestinationsModule {}
