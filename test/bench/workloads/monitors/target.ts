import { startLocalServer, type LocalServer } from '../../processes/local-server';

/** So many hosts are asked; at one, a tenth of the checks may be at once. */
const HOSTS = 10;

/** What monitors check: a local server in a process of its own. */
export interface Target {
  readonly server: LocalServer;
  readonly ports: readonly number[];
  /** A question or an order (check-target.ts). */
  ask(path: string): Promise<unknown>;
}

export async function startTarget(): Promise<Target> {
  const server = await startLocalServer('check-target', [String(HOSTS)]);
  const ask = async (path: string): Promise<unknown> => (await fetch(`${server.url}/${path}`)).json();
  return { server, ports: (await ask('ports')) as number[], ask };
}
