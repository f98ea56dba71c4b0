import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PACKAGE_ROOT, PROFILE_FOLDER } from '../bench';
import { percent, type Table } from './report';

const SHOWN = 30;

/** The parts of a V8 CPU profile that count (https://chromedevtools.github.io/devtools-protocol/tot/Profiler/). */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  /** Microseconds. */
  readonly timeDeltas: readonly number[];
}

/** For each profile that the services have written, the functions in which most time was spent. */
export function hotFunctions(): { readonly name: string; readonly table: Table }[] {
  const files = existsSync(PROFILE_FOLDER) ? readdirSync(PROFILE_FOLDER).sort() : [];
  return files.map((name) => {
    const profile = JSON.parse(readFileSync(join(PROFILE_FOLDER, name), 'utf8')) as CpuProfile;
    return { name, table: tableOf(selfTimes(profile)) };
  });
}

/** Microseconds per function, without those it called. Waiting for something to do does not count. */
function selfTimes({ nodes, samples, timeDeltas }: CpuProfile): Map<string, number> {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const times = new Map<string, number>();
  samples.forEach((id, index) => {
    const name = names.get(id) ?? '';
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[index] ?? 0));
  });
  for (const name of ['(idle)', '(root)']) times.delete(name);
  return times;
}

function tableOf(times: ReadonlyMap<string, number>): Table {
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  const hottest = [...times].sort(([, a], [, b]) => b - a).slice(0, SHOWN);
  return {
    head: ['self time', 'function'],
    rows: hottest.map(([name, time]) => [`${percent(time / total)} ${Math.round(time / 1_000)} ms`, name]),
  };
}

function nameOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  const name = functionName === '' ? '(anonymous)' : functionName;
  if (url === '') return name;
  const path = url.startsWith('file:') ? relative(PACKAGE_ROOT, fileURLToPath(url)) : url;
  return `${name} ${path}:${lineNumber + 1}`;
}
