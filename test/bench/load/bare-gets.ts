import { Client } from 'undici';

/** GETs that did nothing with their answers. */
export interface BareGets {
  readonly perSecond: number;
  /** Processor time of this process for each, in milliseconds. */
  readonly cpuMs: number;
}

/**
 * What checks are measured against: GETs with the client that they use, each on a connection of its own, as theirs are,
 * from this process, which must have nothing else to do meanwhile.
 *
 * @param ports of this machine, asked in turns
 */
export async function makeBareGets(
  ports: readonly number[],
  { atOnce, seconds }: { readonly atOnce: number; readonly seconds: number },
): Promise<BareGets> {
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  let made = 0;
  const getUntilOver = async (): Promise<void> => {
    while (performance.now() - startedAt < seconds * 1_000) {
      const number = made++;
      await get(`http://127.0.0.1:${ports[number % ports.length]}`, `/${number}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, getUntilOver));
  const { user, system } = process.cpuUsage(cpuBefore);
  const elapsedMs = performance.now() - startedAt;
  return { perSecond: (made / elapsedMs) * 1_000, cpuMs: (user + system) / 1_000 / made };
}

async function get(origin: string, path: string): Promise<void> {
  const client = new Client(origin);
  const { statusCode, body } = await client.request({ path, method: 'GET', reset: true });
  await body.text();
  await client.destroy();
  if (statusCode !== 200) throw new Error(`${origin}${path} answered ${statusCode}`);
}
