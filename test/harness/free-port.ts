import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

// Below the ports that systems hand out by themselves (from 32768 on Linux, ip_local_port_range; from 49152 on
// macOS), so that nothing takes the port of a server while a test has it stopped.
const FIRST = 15_000;
const LAST = 31_999;

/** A free port of 127.0.0.1, drawn by lot, so that several Jest workers do not ask for the same. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const port = randomInt(FIRST, LAST + 1);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port between ${FIRST} and ${LAST}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
