import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DATA_FOLDER, PACKAGE_ROOT, PROFILE_FOLDER, type Bench } from './bench';
import { readOptions, type Options } from './options';
import { hotFunctions } from './report/hot-functions';
import { machineTable } from './report/machine';
import { markdownOf, sectionOf } from './report/markdown';
import type { Report } from './report/report';
import { critical } from './workloads/critical';
import { footprint } from './workloads/footprint';
import { ingest } from './workloads/ingest';
import { lists } from './workloads/lists';
import { pages } from './workloads/pages';
import type { WorkloadName } from './workloads/workload-name';

/** A run that takes longer than this hangs. */
const WATCHDOG_MS = 20 * 60_000;

const workloads: Record<WorkloadName, (bench: Bench) => Promise<Report>> = {
  ingest,
  critical,
  lists,
  pages,
  footprint,
};

/** Runs the workloads one after the other; what a complete run finds is kept in results.md. */
async function main(options: Options): Promise<void> {
  mkdirSync(DATA_FOLDER, { recursive: true });
  const folder = mkdtempSync(join(DATA_FOLDER, 'bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  if (options.isProfiled) rmSync(PROFILE_FOLDER, { recursive: true, force: true });

  const sections = [`# Benchmark\n\n${new Date().toISOString().slice(0, 10)}, by \`npm run bench\`.`];
  const show = (section: string): void => {
    sections.push(section);
    console.log(`${section}\n`);
  };
  show(markdownOf(machineTable(folder)));
  for (const name of options.workloads) show(sectionOf(await workloads[name]({ ...options, folder })));
  if (options.isProfiled) {
    for (const { name, table } of hotFunctions()) console.log(`${name}\n\n${markdownOf(table)}\n`);
  }
  if (!options.isComplete) return;
  writeFileSync(join(PACKAGE_ROOT, 'test', 'bench', 'results.md'), `${sections.join('\n\n')}\n`);
}

// Through process.exit, so that the children end and the folder goes.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
setTimeout(() => {
  console.error(`the benchmark takes longer than ${WATCHDOG_MS / 60_000} minutes`);
  process.exit(1);
}, WATCHDOG_MS).unref();

const options = readOptions(process.argv.slice(2));
if (options === null) process.exit(2);
main(options).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
