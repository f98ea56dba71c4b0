import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

const SRC = join(__dirname, '..', '..', 'src');

/**
 * Who may import whom: a module only itself and what stands behind it. What lies in `src/` itself puts the
 * modules together and may import all of them.
 */
const ORDER = [
  'cli',
  'console',
  'health',
  'public-pages',
  'services',
  'mock-pagerduty',
  'ai',
  'slos',
  'upstream',
  'monitors',
  'statuspage',
  'ingest',
  'recording',
  'delivery',
  'routing',
  'destinations',
  'events',
  'outbox',
  'people',
  'accounts',
  'http',
  'definition-files',
  'normalization',
  'secrets',
  'reliability',
  'roles',
  'redis',
  'database',
  'telemetry',
  'config',
];

/** What runs in browsers, and is built by itself: nothing here imports it, and it imports nothing from here. */
const BROWSER = join('console', 'web');

/** The one file that reads the environment. */
const ENVIRONMENT = join('config', 'environment.ts');

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(
  (path) => path.endsWith('.ts') && !path.startsWith(BROWSER),
);
const sources = files.filter((path) => !path.endsWith('.spec.ts'));

/** The files of this project that a file imports, relative to `src/`. */
function importsOf(path: string): string[] {
  const text = readFileSync(join(SRC, path), 'utf8');
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(
    ([, specifier]) => specifier!,
  );
  return specifiers.map((specifier) => {
    const target = relative(SRC, join(SRC, dirname(path), specifier)).replace(/\.js$/, '');
    return files.includes(`${target}.ts`) ? `${target}.ts` : target;
  });
}

const moduleOf = (path: string): string | undefined => (path.includes(sep) ? path.split(sep)[0] : undefined);

describe('imports', () => {
  it('names every module in the order', () => {
    const modules = new Set(sources.map(moduleOf).filter((name) => name !== undefined));
    expect([...modules].filter((name) => !ORDER.includes(name))).toEqual([]);
  });

  it('points only from left to right in the order', () => {
    const breaches = sources.flatMap((path) => {
      const from = moduleOf(path);
      if (from === undefined) return [];
      return importsOf(path)
        .filter((target) => from !== 'cli' || moduleOf(target) !== undefined)
        .filter((target) => ORDER.indexOf(moduleOf(target) ?? '') < ORDER.indexOf(from))
        .map((target) => `${path} imports ${target}`);
    });
    expect(breaches).toEqual([]);
  });

  it('has no cycle', () => {
    const done = new Set<string>();
    const findCycle = (path: string, trail: readonly string[]): string[] | null => {
      if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
      if (done.has(path)) return null;
      for (const target of importsOf(path)) {
        const cycle = findCycle(target, [...trail, path]);
        if (cycle !== null) return cycle;
      }
      done.add(path);
      return null;
    };
    expect(sources.map((path) => findCycle(path, [])).find((cycle) => cycle !== null)).toBeUndefined();
  });

  it('reads the environment in one place', () => {
    const readers = sources.filter((path) =>
      /process\s*\.\s*env\b|process\[/.test(readFileSync(join(SRC, path), 'utf8')),
    );
    expect(readers).toEqual([ENVIRONMENT]);
  });

  it('has no barrels', () => {
    expect(sources.filter((path) => path.endsWith(`${sep}index.ts`))).toEqual([]);
  });
});
