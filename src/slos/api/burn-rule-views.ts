import { ApiProperty } from '@nestjs/swagger';
import { BURN_RULES, isFiring, type Urgency } from '../model/burn-rules';
import { MILLION } from '../model/counts';
import type { BurnCounts } from '../model/history';
import { BURN_WINDOW_NAMES, type BurnWindow } from '../model/objective';

const URGENCIES = Object.keys(BURN_RULES) as Urgency[];

/** A pair of windows that an alert by burn rate looks at: it fires while both are above the threshold. */
export class BurnRuleView {
  @ApiProperty({ enum: URGENCIES, example: 'page' })
  urgency!: Urgency;

  @ApiProperty({ description: 'The burn rate that both windows have to exceed', example: 14.4 })
  factor!: number;

  @ApiProperty({ enum: BURN_WINDOW_NAMES, example: '1h' })
  long!: BurnWindow;

  @ApiProperty({ enum: BURN_WINDOW_NAMES, example: '5m' })
  short!: BurnWindow;

  @ApiProperty({ description: 'The same as the part that is bad', example: 0.0144 })
  threshold!: number;

  @ApiProperty({
    description: 'Whether both windows are above it now, with two or more bad in each',
    example: false,
  })
  is_firing!: boolean;
}

/** All pairs, the most urgent first. */
export function burnRuleViews(burns: BurnCounts, allowedPpm: number): BurnRuleView[] {
  return URGENCIES.flatMap((urgency) =>
    BURN_RULES[urgency].map((rule) => ({
      urgency,
      ...rule,
      threshold: (rule.factor * allowedPpm) / MILLION,
      is_firing: isFiring(rule, burns, allowedPpm),
    })),
  );
}
