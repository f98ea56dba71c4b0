import { join } from 'node:path';
import { Child } from './child';

/** A server of the benchmark, in a process of its own. */
export interface LocalServer {
  readonly child: Child;
  readonly port: number;
  readonly url: string;
}

/** The programs of the benchmark, by their places beside this file. */
type Program =
  | 'bare-fastify'
  | 'check-target'
  | 'pagerduty-stand-in'
  | 'status-pages'
  | 'webhook-receiver'
  | 'whale'
  | '../textbook/api'
  | '../textbook/worker';

/** Starts a program of the benchmark. It tells its port when it listens (see `announce`). */
export async function startLocalServer(name: Program, args: readonly string[] = []): Promise<LocalServer> {
  const child = Child.start([join(__dirname, `${name}.js`), ...args], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const port = (await child.nextMessage()) as number;
  return { child, port, url: `http://127.0.0.1:${port}` };
}

/** Tells the benchmark which port this process listens on, and ends this process when the benchmark does. */
export function announce(port: number): void {
  process.on('disconnect', () => process.exit());
  process.send?.(port);
}
