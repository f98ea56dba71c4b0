import { Module } from '@nestjs/common';
import { Settings } from '../../config/settings';
import { userTargets } from '../../reliability/address-guard';
import { DecisionHold } from './decision-hold';
import { HttpChecks } from './http-checks';
import { Names } from './names';
import { OwnSide } from './own-side';
import { SelfCheck } from './self-check';
import { Stalls } from './stalls';

/** Runs checks and says whose fault it is that they fail. Stores nothing, schedules nothing. */
@Module({
  providers: [
    DecisionHold,
    OwnSide,
    SelfCheck,
    Stalls,
    { provide: Names, useFactory: () => new Names() },
    {
      provide: HttpChecks,
      inject: [Settings, Names, OwnSide, Stalls],
      useFactory: (settings: Settings, names: Names, ownSide: OwnSide, stalls: Stalls) =>
        new HttpChecks(userTargets(settings), names, ownSide, stalls),
    },
  ],
  exports: [HttpChecks, DecisionHold],
})
export class CheckModule {}
