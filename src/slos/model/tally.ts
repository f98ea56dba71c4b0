import type { Counts } from './counts';
import {
  addHistograms,
  countBelow,
  countOf,
  EMPTY_HISTOGRAM,
  histogramOf,
  type Histogram,
} from './histogram';
import type { Objective } from './objective';

/** How a request ended, as far as objectives care. */
export type Outcome = 'good' | 'bad' | 'refused';

/** The end of a request. */
export interface Ending {
  /** Null where there was no answer, as when either side hung up before. */
  readonly status: number | null;
  /** Whether the request had come whole. */
  readonly is_whole: boolean;
}

/**
 * A 4xx is the client's own fault, and so is a request that never came whole (408, or no answer). Every 5xx is bad,
 * and with it 503 and the timeouts that are answered by it; so is no answer to a request that came whole. All else
 * is good.
 */
export function outcomeOf({ status, is_whole }: Ending): Outcome {
  if (status === null) return is_whole ? 'bad' : 'refused';
  if (status >= 500) return 'bad';
  return status >= 400 ? 'refused' : 'good';
}

/**
 * What happened within a stretch of time, mostly a minute: what is stored and added up. Tallies of parts, of several
 * processes or of one before and after a restart, add up to exactly that of the whole, in any order.
 */
export interface Tally {
  readonly good: number;
  readonly bad: number;
  /** Requests that were refused for the client's own fault. */
  readonly refused: number;
  /** Minutes that should have been seen and were not. */
  readonly unseen: number;
  /** Of what was good. What fails is not quick, whenever it fails: that is a matter of availability. */
  readonly latencies: Histogram;
}

export const NO_TALLY: Tally = { good: 0, bad: 0, refused: 0, unseen: 0, latencies: EMPTY_HISTOGRAM };

/** The tally of requests. */
export function tallyOf(requests: readonly (Ending & { readonly duration_ms: number })[]): Tally {
  const outcomes = requests.map(outcomeOf);
  const count = (sought: Outcome): number => outcomes.filter((outcome) => outcome === sought).length;
  const durationsMs = requests
    .filter((request) => outcomeOf(request) === 'good')
    .map(({ duration_ms }) => duration_ms);
  return {
    good: count('good'),
    bad: count('bad'),
    refused: count('refused'),
    unseen: 0,
    latencies: histogramOf(durationsMs),
  };
}

export function addTallies(tallies: readonly Tally[]): Tally {
  const sum = (name: Exclude<keyof Tally, 'latencies'>): number =>
    tallies.reduce((total, tally) => total + tally[name], 0);
  return {
    good: sum('good'),
    bad: sum('bad'),
    refused: sum('refused'),
    unseen: sum('unseen'),
    latencies: addHistograms(tallies.map(({ latencies }) => latencies)),
  };
}

/** What a tally says about an objective. */
export function countsOf(objective: Objective, tally: Tally): Counts {
  switch (objective.kind) {
    case 'availability':
      return { good: tally.good, bad: tally.bad, unseen: 0 };
    case 'error_rate':
      return { good: tally.good + tally.refused, bad: tally.bad, unseen: 0 };
    case 'latency':
    case 'queue_latency':
    case 'delivery_latency': {
      const good = countBelow(tally.latencies, objective.below_ms);
      return { good, bad: countOf(tally.latencies) - good, unseen: 0 };
    }
    case 'monitor':
    case 'vendor':
      return { good: tally.good, bad: tally.bad, unseen: tally.unseen };
  }
}

/** The plain ratio that is shown beside availability: good of all, whoever's fault it was; null without requests. */
export function plainRatioOf({ good, bad, refused }: Tally): number | null {
  const all = good + bad + refused;
  return all === 0 ? null : good / all;
}
