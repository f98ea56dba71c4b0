import { spawnSync } from 'node:child_process';
import { cpSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { startService, stopServices } from '../harness/service';
import { temporaryFolder } from '../harness/temporary-folder';

const ROOT = resolve(__dirname, '..', '..');
const CONSOLE = join('src', 'console', 'web');

interface Schema {
  readonly properties: Record<string, object>;
  readonly required: string[];
}

interface ApiDocument {
  readonly components: { readonly schemas: Record<string, Schema> };
}

afterAll(stopServices);

it('is not to be built any more when the API drops a field that it shows', async () => {
  const { client } = await startService();
  const document = (await client.get<ApiDocument & Record<string, unknown>>('/docs-json')).body;
  const view = document.components.schemas['ServiceView']!;
  delete view.properties['last_event_at'];
  view.required.splice(view.required.indexOf('last_event_at'), 1);
  // That the console fits the whole document is what `npm run types` says.
  const faults = faultsWith(document);
  expect(faults).not.toEqual([]);
  for (const fault of faults) expect(fault).toContain('last_event_at');
});

/** What is wrong with the console where the API is this one: what `npm run types` does, in a copy of the sources. */
function faultsWith(document: ApiDocument): string[] {
  const folder = temporaryFolder();
  for (const path of [CONSOLE, 'tsconfig.json'])
    cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const openapi = join(folder, 'openapi.json');
  writeFileSync(openapi, JSON.stringify(document));
  const schema = join(folder, CONSOLE, 'api', 'schema.d.ts');
  const made = run(
    'openapi-typescript',
    'bin/cli.js',
    openapi,
    '--default-non-nullable',
    'false',
    '-o',
    schema,
  );
  if (made.status !== 0) throw new Error(`no types were made: ${made.stderr}`);
  const { stdout } = run('typescript', 'bin/tsc', '-p', join(folder, CONSOLE), '--pretty', 'false');
  return stdout.split('\n').filter((line) => /: error TS/.test(line));
}

/** Runs a program of a package in a process of its own. */
function run(
  name: string,
  program: string,
  ...args: string[]
): { status: number | null; stdout: string; stderr: string } {
  const path = join(dirname(require.resolve(`${name}/package.json`)), program);
  return spawnSync(process.execPath, [path, ...args], { encoding: 'utf8' });
}
