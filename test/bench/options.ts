import { parseArgs } from 'node:util';
import { workloadNames, type WorkloadName } from './workloads/workload-name';

/** How much each workload does. */
export interface Sizes {
  /** Runs of each measurement; what is reported is their median. */
  readonly rounds: number;
  readonly ingest: { readonly connections: number; readonly requests: number; readonly warmUp: number };
  readonly batches: {
    readonly connections: number;
    readonly batchSize: number;
    /** Batches, as in `warmUp`. */
    readonly requests: number;
    readonly warmUp: number;
  };
  readonly scaled: { readonly connections: number; readonly requests: number; readonly warmUp: number };
  /** What comes in batches is a multiple of `batchSize`, here and below. */
  readonly drain: { readonly events: number; readonly batchedEvents: number; readonly batchSize: number };
  readonly deliveries: { readonly events: number; readonly batchSize: number };
  readonly whale: { readonly perAccount: number; readonly seconds: number };
  readonly critical: { readonly perSecond: number; readonly seconds: number; readonly floorSeconds: number };
  readonly lists: {
    readonly small: number;
    readonly large: number;
    readonly requests: number;
    readonly filterRequests: number;
  };
  /** `large` is a multiple of half of `small`. */
  readonly summaries: { readonly small: number; readonly large: number; readonly requests: number };
  readonly pages: { readonly count: number };
  readonly monitors: MonitorSizes;
  readonly routing: {
    /** Of each account. */
    readonly routes: number;
    /** A multiple of 500. */
    readonly events: number;
    readonly stored: number;
    /** Critical events to destinations of which two are sick, and for how long. */
    readonly perSecond: number;
    readonly seconds: number;
  };
  readonly slos: {
    readonly rounds: number;
    readonly requests: number;
    readonly days: number;
    readonly questions: number;
  };
  readonly console: {
    readonly events: number;
    readonly monitors: number;
    /** Cold loads of each page. */
    readonly loads: number;
  };
  readonly upstream: {
    /** Numbers of events that users have; 10 is among them. */
    readonly events: readonly number[];
    readonly requests: number;
    readonly refusals: number;
  };
  readonly telemetry: {
    /** Runs with metrics and as many without them. */
    readonly pairs: number;
    readonly monitors: number;
    readonly scrapes: number;
  };
  readonly footprint: { readonly idleMs: number };
}

/** What the workload of monitors does. */
export interface MonitorSizes {
  readonly count: number;
  readonly intervalS: number;
  readonly retryS: number;
  /** How many of them fail from the middle on. */
  readonly failing: number;
  readonly seconds: number;
  /** Of the bare client. */
  readonly bareSeconds: number;
  /** Monitors at an interval of a second: how many at first, how many more each time, and for how long. */
  readonly highest: { readonly first: number; readonly step: number; readonly seconds: number };
  /** Monitors that uptime is asked of. */
  readonly uptimes: number;
}

const FULL: Sizes = {
  rounds: 3,
  ingest: { connections: 64, requests: 50_000, warmUp: 5_000 },
  batches: { connections: 8, batchSize: 500, requests: 600, warmUp: 60 },
  scaled: { connections: 64, requests: 20_000, warmUp: 2_000 },
  drain: { events: 30_000, batchedEvents: 150_000, batchSize: 500 },
  deliveries: { events: 20_000, batchSize: 500 },
  whale: { perAccount: 10, seconds: 8 },
  critical: { perSecond: 2_000, seconds: 30, floorSeconds: 5 },
  lists: { small: 10_000, large: 1_000_000, requests: 500, filterRequests: 40 },
  summaries: { small: 100_000, large: 10_000_000, requests: 200 },
  pages: { count: 1_000 },
  monitors: {
    count: 5_000,
    intervalS: 60,
    retryS: 15,
    failing: 50,
    seconds: 300,
    bareSeconds: 5,
    highest: { first: 400, step: 200, seconds: 10 },
    uptimes: 1_000,
  },
  routing: { routes: 500, events: 100_000, stored: 1_000_000, perSecond: 50, seconds: 10 },
  slos: { rounds: 6, requests: 50_000, days: 60, questions: 100 },
  console: { events: 1_000_000, monitors: 5_000, loads: 9 },
  upstream: { events: [2, 10, 100], requests: 20_000, refusals: 5_000 },
  telemetry: { pairs: 10, monitors: 5_000, scrapes: 100 },
  footprint: { idleMs: 10_000 },
};

/** Shows that everything works; its numbers mean little. */
const QUICK: Sizes = {
  rounds: 1,
  ingest: { connections: 64, requests: 5_000, warmUp: 1_000 },
  batches: { connections: 8, batchSize: 500, requests: 80, warmUp: 20 },
  scaled: { connections: 64, requests: 2_000, warmUp: 500 },
  drain: { events: 3_000, batchedEvents: 20_000, batchSize: 500 },
  deliveries: { events: 2_000, batchSize: 500 },
  whale: { perAccount: 10, seconds: 2 },
  critical: { perSecond: 2_000, seconds: 3, floorSeconds: 1 },
  lists: { small: 1_000, large: 20_000, requests: 100, filterRequests: 10 },
  summaries: { small: 10_000, large: 100_000, requests: 50 },
  pages: { count: 100 },
  monitors: {
    count: 200,
    intervalS: 4,
    retryS: 1,
    failing: 10,
    seconds: 12,
    bareSeconds: 1,
    highest: { first: 100, step: 1_500, seconds: 2 },
    uptimes: 50,
  },
  routing: { routes: 500, events: 10_000, stored: 20_000, perSecond: 20, seconds: 3 },
  slos: { rounds: 2, requests: 3_000, days: 31, questions: 20 },
  console: { events: 20_000, monitors: 500, loads: 2 },
  upstream: { events: [2, 10], requests: 2_000, refusals: 500 },
  telemetry: { pairs: 2, monitors: 200, scrapes: 10 },
  footprint: { idleMs: 1_000 },
};

export interface Options {
  readonly sizes: Sizes;
  readonly workloads: readonly WorkloadName[];
  /** Whether the service writes CPU profiles, which costs some of its speed. */
  readonly isProfiled: boolean;
  /** Whether this run's numbers are those to keep: in full, and undisturbed by a profiler. */
  readonly isKept: boolean;
}

const USAGE = `Measures the built service.

  npm run bench -- [--quick] [--only ${workloadNames.join('|')}]… [--profile]

  --quick    a short run, to see that everything works
  --only     this workload alone; may be repeated
  --profile  write CPU profiles of the service to data/bench-profiles, and print the hottest functions`;

/** Reads the command line; null where it asks for, or needs, an explanation, which is then printed. */
export function readOptions(args: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      profile: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const workloads = workloadNames.filter((name) => values.only.length === 0 || values.only.includes(name));
  const unknown = values.only.filter((name) => !workloadNames.some((known) => known === name));
  if (values.help || unknown.length > 0) {
    console.log(USAGE);
    return null;
  }
  return {
    sizes: values.quick ? QUICK : FULL,
    workloads,
    isProfiled: values.profile,
    isKept: !values.quick && !values.profile,
  };
}
