import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DATA_FOLDER, PACKAGE_ROOT, PROFILE_FOLDER, type Bench } from './bench';
import { readOptions, type Options } from './options';
import { findScaledServers } from './processes/scaled-servers';
import { hotFunctions } from './report/hot-functions';
import { withSections } from './report/kept-results';
import { machineTable } from './report/machine';
import { markdownOf, sectionOf } from './report/markdown';
import type { Report } from './report/report';
import { batches } from './workloads/batches';
import { consolePages } from './workloads/console-pages';
import { critical } from './workloads/critical';
import { deliveries } from './workloads/deliveries';
import { drain } from './workloads/drain';
import { events } from './workloads/events';
import { footprint } from './workloads/footprint';
import { ingest } from './workloads/ingest';
import { lists } from './workloads/lists';
import { monitors } from './workloads/monitors';
import { pages } from './workloads/pages';
import { routing } from './workloads/routing';
import { scaled } from './workloads/scaled';
import { slos } from './workloads/slos';
import { summaries } from './workloads/summaries';
import { telemetry } from './workloads/telemetry';
import { upstream } from './workloads/upstream';
import { whale } from './workloads/whale';
import type { WorkloadName } from './workloads/workload-name';

/** A workload that takes longer than this hangs. */
const WATCHDOG_MS = 30 * 60_000;

const workloads: Record<WorkloadName, (bench: Bench) => Promise<Report>> = {
  ingest,
  events,
  batches,
  scaled,
  drain,
  deliveries,
  whale,
  critical,
  lists,
  summaries,
  pages,
  monitors,
  routing,
  slos,
  console: consolePages,
  upstream,
  telemetry,
  footprint,
};

/** Runs the workloads one after the other; what a run in full finds is kept in results.md. */
async function main(options: Options): Promise<void> {
  mkdirSync(DATA_FOLDER, { recursive: true });
  const folder = mkdtempSync(join(DATA_FOLDER, 'bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  if (options.isProfiled) rmSync(PROFILE_FOLDER, { recursive: true, force: true });

  const sections = new Map<string, string>();
  const show = (name: string, section: string): void => {
    sections.set(name, section);
    console.log(`${section}\n`);
    if (options.isKept) keep(sections);
  };
  const servers = await findScaledServers();
  show('machine', markdownOf(machineTable(folder, servers)));
  for (const name of options.workloads) {
    const watchdog = watchOver(name);
    const report = await workloads[name]({ ...options, folder, servers });
    show(name, sectionOf(report, new Date().toISOString().slice(0, 10)));
    clearTimeout(watchdog);
  }
  if (!options.isProfiled) return;
  for (const { name, table } of hotFunctions()) console.log(`${name}\n\n${markdownOf(table)}\n`);
}

function keep(sections: ReadonlyMap<string, string>): void {
  const path = join(PACKAGE_ROOT, 'test', 'bench', 'results.md');
  writeFileSync(path, withSections(readFileSync(path, 'utf8'), sections));
}

function watchOver(name: WorkloadName): NodeJS.Timeout {
  return setTimeout(() => {
    console.error(`the workload ${name} takes longer than ${WATCHDOG_MS / 60_000} minutes`);
    process.exit(1);
  }, WATCHDOG_MS).unref();
}

// Through process.exit, so that the children end and the folder goes.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const options = readOptions(process.argv.slice(2));
if (options === null) process.exit(2);
main(options).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
