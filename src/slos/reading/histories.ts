import { Injectable } from '@nestjs/common';
import { seriesOf } from '../counting/series';
import type { SeriesKey } from '../counting/tally-book';
import { historyOf, type MinuteTally } from '../model/count-history';
import { windowUntil, type History } from '../model/history';
import { BURN_WINDOWS, windowMs, type Objective } from '../model/objective';
import { evidenceOf, type Evidence } from '../model/status';
import { CountsRepository } from '../storage/counts.repository';
import { bucketRanges } from './bucket-ranges';
import { TargetHistories } from './target-histories';

/** An objective, what it is judged by, and for requests what was counted. */
export interface ObjectiveHistory {
  readonly objective: Objective;
  /** Right between any two of the instants that were asked for. */
  readonly history: History;
  /** Empty for targets. */
  readonly tallies: readonly MinuteTally[];
}

/** Reads what objectives are judged by. */
@Injectable()
export class Histories {
  constructor(
    private readonly counts: CountsRepository,
    private readonly targets: TargetHistories,
  ) {}

  /**
   * The histories of objectives, in their order. Those of monitors that are gone are left out.
   *
   * @param instants between which they are asked for, each the beginning of a minute
   */
  async read(objectives: readonly Objective[], instants: readonly number[]): Promise<ObjectiveHistory[]> {
    const within = { from_at: Math.min(...instants), until_at: Math.max(...instants) };
    const tallies = await this.readSeries(objectives, instants);
    const monitorIds = objectives.flatMap((one) => (one.kind === 'monitor' ? (one.monitor ?? []) : []));
    const monitors = await this.targets.ofMonitors(monitorIds, within);
    const read: ObjectiveHistory[] = [];
    for (const objective of objectives) {
      if (objective.kind === 'vendor') {
        const history = await this.targets.ofVendor(objective.vendor ?? '', within);
        read.push({ objective, history, tallies: [] });
      } else if (objective.kind === 'monitor') {
        const history = monitors.get(objective.monitor ?? '');
        if (history !== undefined) read.push({ objective, history, tallies: [] });
      } else {
        const own = keysOf(objective).flatMap((key) => tallies.get(nameOf(key)) ?? []);
        read.push({ objective, history: historyOf(objective, own), tallies: own });
      }
    }
    return read;
  }

  /** What objectives are judged by now, in their order. */
  async evidence(
    objectives: readonly Objective[],
    now: number,
  ): Promise<(ObjectiveHistory & { readonly evidence: Evidence })[]> {
    const read = await this.read(objectives, evidenceInstants(objectives, now));
    return read.map((one) => ({ ...one, evidence: evidenceOf(one.objective, one.history, now) }));
  }

  /** Each series once, one after the other: none keeps the event loop for long. */
  private async readSeries(
    objectives: readonly Objective[],
    instants: readonly number[],
  ): Promise<Map<string, readonly MinuteTally[]>> {
    const ranges = bucketRanges(instants);
    const keys = new Map(objectives.flatMap(keysOf).map((key) => [nameOf(key), key]));
    const tallies = new Map<string, readonly MinuteTally[]>();
    for (const [name, key] of keys) tallies.set(name, await this.counts.read(key, ranges));
    return tallies;
  }
}

/** The instants that windows which end now begin and end at. */
function evidenceInstants(objectives: readonly Objective[], now: number): number[] {
  const lengths = [...Object.values(BURN_WINDOWS), ...objectives.map(windowMs)];
  return [...new Set(lengths)].flatMap((lengthMs) => {
    const { from_at, until_at } = windowUntil(now, lengthMs);
    return [from_at, until_at];
  });
}

function keysOf(objective: Objective): SeriesKey[] {
  return seriesOf(objective).map((series) => ({ series, account_id: objective.account_id ?? '' }));
}

function nameOf({ series, account_id }: SeriesKey): string {
  return `${account_id}\n${series}`;
}
