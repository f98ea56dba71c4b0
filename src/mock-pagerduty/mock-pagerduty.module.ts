import { Module } from '@nestjs/common';
import { MockPagerDutyController } from './mock-pagerduty.controller';
import { MockPagerDutyStore } from './mock-pagerduty.store';
import { NoMockWithRoutingKeyGuard } from './no-mock-with-routing-key.guard';

/** A stand-in for PagerDuty: without an account, the path of a page is still the real one. */
@Module({
  controllers: [MockPagerDutyController],
  providers: [MockPagerDutyStore, NoMockWithRoutingKeyGuard],
})
export class MockPagerDutyModule {}
