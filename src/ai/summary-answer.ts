import { ApiProperty } from '@nestjs/swagger';
import { SEVERITIES, type Severity } from '../normalization/normalized-event';
import type { Summary } from './summarize';

/** Answer of `POST /ai/summarize`. */
export class SummaryAnswer implements Summary {
  @ApiProperty({ maxLength: 120, example: 'Payment failures in APAC' })
  readonly summary!: string;

  @ApiProperty({ enum: SEVERITIES, example: 'critical' })
  readonly suggested_severity!: Severity;
}
