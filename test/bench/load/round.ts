import type { Child } from '../processes/child';
import { median, spreadOf } from '../statistics';
import { expectAll, makeLoad } from './load';
import type { Requests } from './requests';

/** A server in a process of its own. */
export interface Loaded {
  readonly child: Child;
  readonly port: number;
}

/** What came of one load on one server. */
export interface Round {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Processor time of the server for one request, in milliseconds. */
  readonly cpuMs: number;
  readonly generatorCpu: number;
}

export interface RoundLoad {
  /** Sent first, and not counted. */
  readonly warmUp: Requests;
  readonly requests: Requests;
  readonly connections: number;
  /** What every answer has to say. */
  readonly status: 200 | 202;
}

/**
 * Closed loop: each connection sends its next request when the one before is answered.
 *
 * @throws Error where any answer has another status
 */
export async function measureRound({ child, port }: Loaded, load: RoundLoad): Promise<Round> {
  const { warmUp, requests, connections, status } = load;
  const ports = [port];
  expectAll(status, await makeLoad({ ports, connections, requests: warmUp }), 'warming up');
  const cpuBefore = child.cpuMs;
  const result = await makeLoad({ ports, connections, requests });
  const cpuMs = (child.cpuMs - cpuBefore) / requests.count;
  expectAll(status, result, 'the load');
  const { durationMs, latenciesMs, generatorCpu } = result;
  const { p50, p99 } = spreadOf(latenciesMs);
  return { perSecond: requests.count / (durationMs / 1_000), p50, p99, cpuMs, generatorCpu };
}

/** The round whose every part is the median of that part. */
export function medianRound(rounds: readonly Round[]): Round {
  const of = (field: keyof Round): number => median(rounds.map((round) => round[field]));
  return {
    perSecond: of('perSecond'),
    p50: of('p50'),
    p99: of('p99'),
    cpuMs: of('cpuMs'),
    generatorCpu: of('generatorCpu'),
  };
}
