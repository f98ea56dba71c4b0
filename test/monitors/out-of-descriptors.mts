import { closeSync, openSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as httpChecks from '../../src/monitors/check/http-checks.ts';
import type * as names from '../../src/monitors/check/names.ts';
import type * as ownSide from '../../src/monitors/check/own-side.ts';
import type * as selfCheck from '../../src/monitors/check/self-check.ts';
import type * as stalls from '../../src/monitors/check/stalls.ts';
import type * as definition from '../../src/monitors/model/definition.ts';
import type * as settings from '../../src/config/settings.ts';

/**
 * Checks the URL of its first argument with the built service, once while this process has no descriptor left and
 * once after that, and writes both results as JSON. A program of its own, to be run with few descriptors.
 */

const require = createRequire(import.meta.url);
const DIST = join(import.meta.dirname, '..', '..', 'dist');

function built<T>(path: string): T {
  return require(join(DIST, path)) as T;
}

const { HttpChecks } = built<typeof httpChecks>('monitors/check/http-checks.js');
const { Names } = built<typeof names>('monitors/check/names.js');
const { OwnSide } = built<typeof ownSide>('monitors/check/own-side.js');
const { SelfCheck } = built<typeof selfCheck>('monitors/check/self-check.js');
const { Stalls } = built<typeof stalls>('monitors/check/stalls.js');
const { readDefinition } = built<typeof definition>('monitors/model/definition.js');
const { Settings } = built<typeof settings>('config/settings.js');

const toNames = new Names();
const side = new OwnSide(new SelfCheck(Settings.load({}), toNames));
const checks = new HttpChecks(() => null, toNames, side, new Stalls());

async function check(url: string): Promise<unknown> {
  const reading = readDefinition({ type: 'http', name: 'api', url });
  if ('faults' in reading || reading.definition.type !== 'http') throw new Error('no monitor');
  return await checks.run(reading.definition, { startedAt: Date.now(), learnedLimitMs: null });
}

/** Opens files until the system refuses. */
function useUpDescriptors(): number[] {
  const opened: number[] = [];
  for (;;) {
    try {
      opened.push(openSync('/dev/null', 'r'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EMFILE') return opened;
      throw error;
    }
  }
}

const url = process.argv[2] ?? '';
const opened = useUpDescriptors();
const without = await check(url);
for (const descriptor of opened) closeSync(descriptor);
process.stdout.write(JSON.stringify([without, await check(url)]));
