import { workloadNames } from '../workloads/workload-name';

const HEADER = '# Benchmark\n\nBy `npm run bench`. Each section is of the newest run of its workload.';

/** The machine of the newest run comes first. */
const ORDER: readonly string[] = ['machine', ...workloadNames];

/** The file of results with what a run has found: sections by name replace those that it had. */
export function withSections(file: string, found: ReadonlyMap<string, string>): string {
  const [, ...parts] = file.split(/^<!-- (\w+) -->$/m);
  const sections = new Map<string, string>();
  for (let at = 0; at + 1 < parts.length; at += 2) sections.set(parts[at]!, parts[at + 1]!.trim());
  for (const [name, section] of found) sections.set(name, section);
  const known = ORDER.filter((name) => sections.has(name));
  const texts = known.map((name) => `<!-- ${name} -->\n\n${sections.get(name)}`);
  return `${[HEADER, ...texts].join('\n\n')}\n`;
}
