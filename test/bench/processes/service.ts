import { mkdirSync, openSync, closeSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT, PROFILE_FOLDER, type Bench } from '../bench';
import { Child } from './child';
import { freePort, untilReady } from './ready';

/** The secret that the service under load verifies webhooks with. */
export const STRIPE_SECRET = 'whsec_only_for_the_benchmark';

/** So much of a failed start's log is shown. */
const SHOWN_LOG_CHARACTERS = 2_000;

/** The built service, in a process of its own. */
export interface Service {
  readonly child: Child;
  readonly port: number;
  readonly url: string;
  readonly databasePath: string;
  /** From the start of the process until `GET /readyz` said 200. */
  readonly readyAfterMs: number;
}

/**
 * Starts the built service with its default settings, except that nothing is throttled (all load comes from one
 * address) and that it logs to a file. `name` names its database and log; the same name is the same database.
 *
 * @throws Error with the end of the log where it does not become ready
 */
export async function startService(
  bench: Bench,
  name: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Service> {
  const port = await freePort();
  const databasePath = join(bench.folder, `${name}.db`);
  const logPath = join(bench.folder, `${name}.log`);
  const log = openSync(logPath, 'a');
  const startedAt = performance.now();
  const child = Child.start([...profilerArguments(bench, name), join(PACKAGE_ROOT, 'dist', 'main.js')], {
    stdio: ['ignore', log, log],
    env: {
      NODE_ENV: 'production',
      PORT: String(port),
      DATABASE_URL: `sqlite:${databasePath}`,
      STRIPE_WEBHOOK_SECRET: STRIPE_SECRET,
      THROTTLE_LIMIT: '0',
      ...environment,
    },
  });
  closeSync(log);
  const url = `http://127.0.0.1:${port}`;
  try {
    await untilReady(child, `${url}/readyz`);
  } catch (cause) {
    const lines = readFileSync(logPath, 'utf8').slice(-SHOWN_LOG_CHARACTERS);
    throw new Error(`the service does not start: ${(cause as Error).message}\n${lines}`, { cause });
  }
  return { child, port, url, databasePath, readyAfterMs: performance.now() - startedAt };
}

function profilerArguments({ isProfiled }: Bench, name: string): string[] {
  if (!isProfiled) return [];
  mkdirSync(PROFILE_FOLDER, { recursive: true });
  return ['--cpu-prof', `--cpu-prof-dir=${PROFILE_FOLDER}`, `--cpu-prof-name=${name}.cpuprofile`];
}
