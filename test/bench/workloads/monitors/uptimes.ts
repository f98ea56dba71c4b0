import type { Bench } from '../../bench';
import { fillWithCheckRollUps, UPTIME_PERCENT } from '../../documents/check-roll-ups';
import { addMonitors } from '../../documents/monitors';
import { expectAll, makeLoad } from '../../load/load';
import { listOf, repeatedGet } from '../../load/requests';
import { startService, type Service } from '../../processes/service';
import { medianSpread, spreadOf, type Spread } from '../../statistics';
import type { Target } from './target';

/** The longest one, counted by days, and the longest of those counted by hours. */
export const WINDOWS = ['90d', '7d'] as const;
type Window = (typeof WINDOWS)[number];

/** What of an answer is looked at. */
interface UptimeAnswer {
  readonly uptime_percent: number | null;
  readonly latency: object | null;
}

/** The answers to one question for each monitor. */
export interface Uptimes {
  readonly window: Window;
  readonly each: Spread;
}

/** Asks for the uptime of each of many monitors that have been checked for 90 days. */
export async function measureUptimes(bench: Bench, target: Target): Promise<Uptimes[]> {
  const name = 'monitors-uptimes';
  const first = await startService(bench, name, { ALLOW_PRIVATE_TARGETS: 'true' });
  const numbers = await addMonitors({
    url: first.url,
    targetPorts: target.ports,
    from: 0,
    until: bench.sizes.monitors.uptimes,
    definition: { interval_s: 60, retry_s: 15, paused: true },
  });
  await first.child.stop();
  fillWithCheckRollUps(first.databasePath);

  const service = await startService(bench, name, { ALLOW_PRIVATE_TARGETS: 'true' });
  const ids = [...numbers.keys()];
  await expectRightAnswer(service, ids[0] ?? '');
  await ask(service, ids, '30d');
  const measured: Uptimes[] = [];
  for (const window of WINDOWS) {
    const rounds: Spread[] = [];
    for (let round = 0; round < bench.sizes.rounds; round++) rounds.push(await ask(service, ids, window));
    measured.push({ window, each: medianSpread(rounds) });
  }
  await service.child.stop();
  return measured;
}

/** Roll-ups that are no such as the service makes would be fast, and say nothing. */
async function expectRightAnswer({ url }: Service, id: string): Promise<void> {
  for (const window of WINDOWS) {
    const response = await fetch(`${url}${pathOf(id, window)}`);
    const answer = (await response.json()) as UptimeAnswer;
    if (answer.uptime_percent === UPTIME_PERCENT && answer.latency !== null) continue;
    throw new Error(`the uptime should be ${UPTIME_PERCENT} %, and is ${JSON.stringify(answer)}`);
  }
}

async function ask({ port }: Service, ids: readonly string[], window: Window | '30d'): Promise<Spread> {
  const requests = listOf(ids.map((id) => repeatedGet(pathOf(id, window), 1).at(0)));
  const result = await makeLoad({ ports: [port], connections: 1, requests });
  expectAll(200, result, `the uptime of ${window}`);
  return spreadOf(result.latenciesMs);
}

function pathOf(id: string, window: string): string {
  return `/monitors/${id}/uptime?window=${window}`;
}
