import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from './child';

const POLL_MS = 5;
const READY_TIMEOUT_MS = 60_000;

/** A port of this machine that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * Waits until a GET of the URL answers 200.
 *
 * @throws Error where the child ends before that, or it takes longer than a minute
 */
export async function untilReady(child: Child, url: string): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < deadline) {
    if (child.hasEnded) throw new Error('it ended before it was ready');
    if (await isReady(url)) return;
    await sleep(POLL_MS);
  }
  throw new Error(`it was not ready within ${READY_TIMEOUT_MS} ms`);
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(url);
    await response.arrayBuffer();
    return response.ok;
  } catch (error) {
    // Not listening yet.
    if (error instanceof TypeError) return false;
    throw error;
  }
}
