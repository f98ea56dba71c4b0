import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../../bench';
import { addMonitors } from '../../documents/monitors';
import { expectAll, makeLoad } from '../../load/load';
import { repeatedGet } from '../../load/requests';
import { startService, type Service } from '../../processes/service';
import { spreadOf, type Spread } from '../../statistics';

/** What scrapes took, and what one of them brought. */
export interface Scrapes {
  readonly scrapes: Spread;
  readonly bytes: number;
  readonly lines: number;
}

/** States of a monitor, each of which is a line. */
const STATES = 5;

/** The service reads its monitors four times as often. */
const READ_WITHIN_MS = 60_000;

const LOOK_EVERY_MS = 500;

/** Nobody listens there, and nobody asks: the monitors are paused. */
const TARGET_PORT = 9;

/** Scrapes a service that has many monitors. */
export async function measureScrapes(bench: Bench): Promise<Scrapes> {
  const { monitors, scrapes } = bench.sizes.telemetry;
  const service = await startService(bench, 'telemetry-scrapes', { ALLOW_PRIVATE_TARGETS: 'true' });
  await addMonitors({
    url: service.url,
    targetPorts: [TARGET_PORT],
    from: 0,
    until: monitors,
    definition: { interval_s: 60, retry_s: 15, paused: true },
  });
  const text = await untilExported(service, monitors * STATES);
  const result = await makeLoad({
    ports: [service.port],
    connections: 1,
    requests: repeatedGet('/metrics', scrapes),
  });
  expectAll(200, result, 'scraping');
  await service.child.stop();
  return {
    scrapes: spreadOf(result.latenciesMs),
    bytes: Buffer.byteLength(text),
    lines: text.split('\n').length,
  };
}

async function untilExported({ url }: Service, samples: number): Promise<string> {
  const deadline = performance.now() + READ_WITHIN_MS;
  while (performance.now() < deadline) {
    const text = await (await fetch(`${url}/metrics`)).text();
    if (text.split('\nmonitor_state{').length - 1 === samples) return text;
    await sleep(LOOK_EVERY_MS);
  }
  throw new Error(`/metrics does not come to show ${samples} states of monitors`);
}
