import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import type { Environment } from '../../src/config/settings';
import { inheritedEnvironment } from './inherited-environment';
import { STRIPE_SECRET } from './service-client';
import type { LogLine } from './service';

/** The built service in a process of its own, for what only a process can suffer. */
export interface ChildService {
  readonly process: ChildProcess;
  readonly url: string;
  readonly log: readonly LogLine[];
  /**
   * Sends the signal and waits for the end, and for all that was logged until then; gives the exit code, or null where
   * the signal ended it.
   */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

const MAIN = join(__dirname, '..', '..', 'dist', 'main.js');

/** Starts `dist/main.js` on a free port; rejects with its output where it does not come to listen. */
export async function startChildService(environment: Environment): Promise<ChildService> {
  const child = spawn(process.execPath, [MAIN], {
    env: {
      ...inheritedEnvironment(),
      PORT: '0',
      STRIPE_WEBHOOK_SECRET: STRIPE_SECRET,
      THROTTLE_LIMIT: '0',
      // What a test makes fail is no reason to page.
      SLO_ALERTS: 'false',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log: LogLine[] = [];
  // Not 'exit': what the process has written last may still have to be read then.
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const url = await new Promise<string>((resolve, reject) => {
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.once('close', (code) => reject(new Error(`the service ended with ${code}: ${errors}`)));
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = JSON.parse(text) as LogLine;
      log.push(line);
      if (line.msg === 'listening') resolve(String(line['url']));
    });
  });
  return {
    process: child,
    url,
    log,
    end: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}
