import { Injectable } from '@nestjs/common';
import { BoundedMap } from '../../accounts/bounded-map';
import { bucketOf, HOUR_MS } from '../../events/summary/time-buckets';
import { mergeSketches, readSketch } from '../model/latency-sketch';
import { learnLimit, learningHours } from '../model/learned-limit';
import { RollupsRepository } from '../storage/rollups.repository';
import type { WatchedMonitor } from '../storage/watched-monitors';

const MAX_REMEMBERED = 20_000;

interface Learned {
  readonly hourAt: number;
  readonly revision: number;
  readonly limitMs: number | null;
}

/** What `degraded_above_ms: "auto"` stands for. Learnt once an hour for each monitor: in between nothing new is learnt. */
@Injectable()
export class LearnedLimits {
  private readonly learned = new BoundedMap<string, Learned>(MAX_REMEMBERED);

  constructor(private readonly rollups: RollupsRepository) {}

  /** In milliseconds; null where the monitor has no such limit, or too little is known. */
  async of({ monitor, known }: WatchedMonitor, at: number): Promise<number | null> {
    const { id, revision, definition } = monitor;
    if (definition.type !== 'http' || definition.expect.degraded_above_ms !== 'auto') return null;
    const { bucket_at: hourAt } = bucketOf(at, HOUR_MS);
    const before = this.learned.get(id);
    if (before?.hourAt === hourAt && before.revision === revision) return before.limitMs;
    const hours = learningHours(at).filter((hour) => hour >= known.asked_since);
    const rollups = await this.rollups.readBuckets(id, HOUR_MS, hours);
    const limitMs = learnLimit(mergeSketches(rollups.map(({ sketch }) => readSketch(sketch))));
    this.learned.set(id, { hourAt, revision, limitMs });
    return limitMs;
  }
}
