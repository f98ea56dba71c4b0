import { iso } from '../../normalization/instant';
import { percentilesOf, readSketch } from '../model/latency-sketch';
import type { CheckRollupEntity } from '../storage/check-rollup.entity';
import type { UptimeBucketView } from './uptime-history-views';

/** A bucket for each roll-up, oldest first. Where nothing was checked there is none. */
export function bucketViews(rollups: readonly CheckRollupEntity[]): UptimeBucketView[] {
  return rollups.map(({ bucket_at, up, degraded, down, unknown, maintenance, sketch }) => ({
    at: iso(bucket_at),
    checks: { up, degraded, down, unknown, maintenance },
    latency: percentilesOf(readSketch(sketch)),
  }));
}
