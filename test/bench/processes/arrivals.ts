import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalServer } from './local-server';
import type { Arrivals } from './pagerduty-stand-in';

/** Waits until so many have arrived, or no longer: what has not arrived by then is for the caller to find. */
export async function untilArrived(
  { url }: LocalServer,
  expected: number,
  timeoutMs: number,
): Promise<Arrivals> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    const { keys } = (await (await fetch(`${url}/keys`)).json()) as { keys: number };
    if (keys >= expected) break;
    await sleep(100);
  }
  return (await (await fetch(`${url}/arrivals`)).json()) as Arrivals;
}
