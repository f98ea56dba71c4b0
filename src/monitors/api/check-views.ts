import { ApiProperty } from '@nestjs/swagger';
import { iso } from '../../normalization/instant';
import {
  RESULT_CLASSES,
  type CheckResult,
  type FailedExpectation,
  type ResultClass,
  type Timings,
} from '../model/monitor';
import { resultOf, type CheckEntity } from '../storage/check.entity';

/** An expectation that was not met. */
export class FailedExpectationView implements FailedExpectation {
  @ApiProperty({ example: 'status' })
  expectation!: string;

  @ApiProperty({ example: '200-299' })
  wanted!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Null where there was nothing',
    example: '503',
  })
  seen!: string | null;
}

/** How long the steps of a check took; null where one was not taken or not reached. */
export class TimingsView implements Timings {
  @ApiProperty({ type: Number, nullable: true, example: 2.1 })
  dns_ms!: number | null;

  @ApiProperty({ type: Number, nullable: true, example: 11.4 })
  connect_ms!: number | null;

  @ApiProperty({ type: Number, nullable: true, example: 24.9 })
  tls_ms!: number | null;

  @ApiProperty({ type: Number, nullable: true, example: 63.2 })
  first_byte_ms!: number | null;

  @ApiProperty({ type: Number, nullable: true, example: 104.8 })
  total_ms!: number | null;
}

/** What came of a check, as the API shows it. */
export class ResultView {
  @ApiProperty({ example: '2026-01-15T10:40:07.012Z' })
  started_at!: string;

  @ApiProperty({
    enum: RESULT_CLASSES,
    description: '`unknown`: this side could not look',
    example: 'down',
  })
  state!: ResultClass;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The first expectation that failed, or the fault',
    example: 'status',
  })
  reason!: string | null;

  @ApiProperty({ type: [FailedExpectationView] })
  failed!: readonly FailedExpectationView[];

  @ApiProperty({ example: 104.8 })
  duration_ms!: number;

  @ApiProperty({ type: TimingsView, nullable: true })
  timings!: TimingsView | null;

  @ApiProperty({ type: Number, nullable: true, example: 503 })
  http_status!: number | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Whole days until the certificate ends',
    example: 61,
  })
  tls_days_left!: number | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'The limit that was learnt, where `degraded_above_ms` is `auto` and enough is known',
    example: null,
  })
  limit_ms!: number | null;
}

/** One check, as the API shows it. */
export class CheckView extends ResultView {
  @ApiProperty({ description: 'When it was due', example: '2026-01-15T10:40:07.000Z' })
  slot_at!: string;

  @ApiProperty({ description: 'Whether it began in a maintenance window', example: false })
  in_maintenance!: boolean;
}

/** One page of checks, newest first. */
export class CheckListView {
  @ApiProperty({ type: [CheckView] })
  checks!: CheckView[];

  @ApiProperty({ type: String, nullable: true, example: '1768473607000' })
  next_cursor!: string | null;
}

/** Makes the API's form of what came of a check. */
export function resultView({ class: state, started_at, ...result }: CheckResult): ResultView {
  return { ...result, state, started_at: iso(started_at) };
}

/** Makes the API's form of a check. */
export function checkView(check: CheckEntity): CheckView {
  return {
    slot_at: iso(check.slot_at),
    ...resultView(resultOf(check)),
    in_maintenance: check.is_in_maintenance === 1,
  };
}
