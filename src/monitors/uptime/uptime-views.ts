import { ApiProperty } from '@nestjs/swagger';
import { UPTIME_WINDOWS, type CheckCounts, type UptimeWindow } from '../model/uptime';
import type { Percentiles } from '../model/latency-sketch';

/** How many checks ended how. */
export class CheckCountsView implements CheckCounts {
  @ApiProperty({ example: 1_420 })
  up!: number;

  @ApiProperty({ example: 8 })
  degraded!: number;

  @ApiProperty({ example: 7 })
  down!: number;

  @ApiProperty({ description: 'This side could not look', example: 2 })
  unknown!: number;

  @ApiProperty({ description: 'Began in a maintenance window, however they ended', example: 60 })
  maintenance!: number;
}

/** How long checks took that were up or degraded, out of maintenance; at most 1 % off. */
export class LatencyView implements Percentiles {
  @ApiProperty({ example: 104 })
  p50_ms!: number;

  @ApiProperty({ example: 187 })
  p95_ms!: number;

  @ApiProperty({ example: 412 })
  p99_ms!: number;
}

/** An outage. */
export class UptimeIncidentView {
  @ApiProperty({ example: 'monitor:k3hq9zbtmxo0cv5u:2026-01-15T10:40:07.012Z' })
  event_id!: string;

  @ApiProperty({ example: '2026-01-15T10:40:07.012Z' })
  started_at!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Null while it lasts',
    example: '2026-01-15T10:47:07.009Z',
  })
  resolved_at!: string | null;

  @ApiProperty({ description: 'Until now while it lasts', example: 420 })
  duration_s!: number;
}

/** How well a monitor's target did in a window. */
export class UptimeView {
  @ApiProperty({ example: 'k3hq9zbtmxo0cv5u' })
  monitor_id!: string;

  @ApiProperty({ enum: Object.keys(UPTIME_WINDOWS), example: '24h' })
  window!: UptimeWindow;

  @ApiProperty({
    description: 'The beginning of the hour that the window begins in; of the day in UTC for 30d and 90d',
    example: '2026-01-14T11:00:00.000Z',
  })
  from!: string;

  @ApiProperty({ example: '2026-01-15T11:20:00.000Z' })
  until!: string;

  @ApiProperty({
    type: Number,
    nullable: true,
    description:
      'good / (good + bad) in percent: up and degraded are good, down is bad, unknown and maintenance are left ' +
      'out. Cut to three places, never rounded up. Null where nothing is known.',
    example: 99.512,
  })
  uptime_percent!: number | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'How much is known: (good + bad) / checks that should have been, without maintenance',
    example: 99.861,
  })
  coverage_percent!: number | null;

  @ApiProperty({ type: CheckCountsView })
  checks!: CheckCounts;

  @ApiProperty({ type: LatencyView, nullable: true })
  latency!: Percentiles | null;

  @ApiProperty({ description: 'Time of maintenance by the present windows', example: 3_600 })
  maintenance_s!: number;

  @ApiProperty({ type: [UptimeIncidentView], description: 'Newest first, at most 100' })
  incidents!: UptimeIncidentView[];
}
