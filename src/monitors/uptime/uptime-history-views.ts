import { ApiProperty } from '@nestjs/swagger';
import type { Percentiles } from '../model/latency-sketch';
import { UPTIME_WINDOWS, type CheckCounts, type UptimeWindow } from '../model/uptime';
import { CheckCountsView, LatencyView } from './uptime-views';

/** What the checks of one hour, or of one day of UTC, said. */
export class UptimeBucketView {
  @ApiProperty({ description: 'Its beginning', example: '2026-01-15T10:00:00.000Z' })
  at!: string;

  @ApiProperty({ type: CheckCountsView })
  checks!: CheckCounts;

  @ApiProperty({ type: LatencyView, nullable: true })
  latency!: Percentiles | null;
}

/** How a monitor's target was over a window. */
export class UptimeHistoryView {
  @ApiProperty({ example: 'k3hq9zbtmxo0cv5u' })
  monitor_id!: string;

  @ApiProperty({ enum: Object.keys(UPTIME_WINDOWS), example: '24h' })
  window!: UptimeWindow;

  @ApiProperty({ description: 'Length of a bucket: an hour, or a day for 30d and 90d', example: 3_600 })
  bucket_s!: number;

  @ApiProperty({
    type: [UptimeBucketView],
    description: 'Oldest first; those without a check are left out',
  })
  buckets!: UptimeBucketView[];
}

/** Uptime in percent by window; cut to three places, and null where nothing is known. */
export class UptimePercentsView {
  @ApiProperty({ type: Number, nullable: true, example: 99.512 })
  '24h'!: number | null;

  @ApiProperty({ type: Number, nullable: true, example: 99.904 })
  '7d'!: number | null;

  @ApiProperty({ type: Number, nullable: true, example: 99.977 })
  '30d'!: number | null;

  @ApiProperty({ type: Number, nullable: true, example: 99.981 })
  '90d'!: number | null;
}

/** How well a monitor's target did, in short. */
export class MonitorUptimeView {
  @ApiProperty({ example: 'k3hq9zbtmxo0cv5u' })
  monitor_id!: string;

  @ApiProperty({ type: UptimePercentsView })
  uptime_percent!: Record<UptimeWindow, number | null>;

  @ApiProperty({
    type: [UptimeBucketView],
    description: 'The hours of the last day, oldest first; those without a check are left out',
  })
  hours!: UptimeBucketView[];
}

/** How well the targets of some monitors did. */
export class MonitorUptimesView {
  @ApiProperty({ type: [MonitorUptimeView], description: 'Those of the monitors that are the account’s' })
  uptimes!: MonitorUptimeView[];
}
