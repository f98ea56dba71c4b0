import { parseArgs } from 'node:util';
import { workloadNames, type WorkloadName } from './workloads/workload-name';

/** How much each workload does. */
export interface Sizes {
  /** Runs of each measurement; what is reported is their median. */
  readonly rounds: number;
  readonly ingest: { readonly connections: number; readonly requests: number; readonly warmUp: number };
  readonly critical: { readonly perSecond: number; readonly seconds: number; readonly floorSeconds: number };
  readonly lists: {
    readonly small: number;
    readonly large: number;
    readonly requests: number;
    readonly filterRequests: number;
  };
  readonly pages: { readonly count: number };
  readonly footprint: { readonly idleMs: number };
}

const FULL: Sizes = {
  rounds: 5,
  ingest: { connections: 64, requests: 50_000, warmUp: 5_000 },
  critical: { perSecond: 2_000, seconds: 30, floorSeconds: 5 },
  lists: { small: 10_000, large: 1_000_000, requests: 500, filterRequests: 40 },
  pages: { count: 1_000 },
  footprint: { idleMs: 10_000 },
};

/** Shows that everything works; its numbers mean little. */
const QUICK: Sizes = {
  rounds: 1,
  ingest: { connections: 64, requests: 5_000, warmUp: 1_000 },
  critical: { perSecond: 2_000, seconds: 3, floorSeconds: 1 },
  lists: { small: 1_000, large: 20_000, requests: 100, filterRequests: 10 },
  pages: { count: 100 },
  footprint: { idleMs: 1_000 },
};

export interface Options {
  readonly sizes: Sizes;
  readonly workloads: readonly WorkloadName[];
  /** Whether the service writes CPU profiles, which costs some of its speed. */
  readonly isProfiled: boolean;
  /** Whether this run's numbers are those to keep: everything, in full, and undisturbed by a profiler. */
  readonly isComplete: boolean;
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
    isComplete: !values.quick && !values.profile && values.only.length === 0,
  };
}
