import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../src/config/settings';
import { startChildService, type ChildService } from '../harness/child-service';
import { eventually } from '../harness/eventually';
import { inheritedEnvironment } from '../harness/inherited-environment';
import { ServiceClient } from '../harness/service-client';
import { freshStore } from '../harness/store';
import { temporaryFolder } from '../harness/temporary-folder';
import type { ShownMonitor } from './monitor-client';

const ADMIN_TOKEN = 'the-first-credential-of-this-test';
const CLI = join(__dirname, '..', '..', 'dist', 'cli', 'monitors.js');

const running: ChildService[] = [];
afterEach(async () => {
  for (const service of running.splice(0)) await service.end('SIGTERM');
});

interface Setup {
  readonly service: ChildService;
  readonly write: (text: string) => void;
  readonly keys: () => Promise<readonly (string | null)[]>;
}

/** A service in a process of its own, whose file is there to be written. */
async function start(text: string, environment: Environment = {}): Promise<Setup> {
  const file = join(temporaryFolder(), 'monitors.yaml');
  const write = (next: string): void => writeFileSync(file, next);
  write(text);
  const service = await startChildService({
    ...(await freshStore()),
    MONITORS_FILE: file,
    ALLOW_PRIVATE_TARGETS: 'true',
    ...environment,
  });
  running.push(service);
  const client = new ServiceClient(service.url);
  const keys = async (): Promise<readonly (string | null)[]> => {
    const { body } = await client.get<{ monitors: ShownMonitor[] }>('/monitors');
    return body.monitors.map(({ key }) => key).sort();
  };
  return { service, write, keys };
}

const fileOf = (...keys: readonly string[]): string =>
  `monitors:\n${keys.map((key) => `  - {key: ${key}, name: ${key}, url: "http://127.0.0.1:9", paused: true, headers: {x-key: "\${KEY}"}}\n`).join('')}`;

/** Runs the command line tool; answers what it wrote, and how it ended. */
function run(
  parameters: readonly string[],
  environment: Environment = {},
): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve) => {
    const env = { ...inheritedEnvironment(), ...environment };
    execFile(process.execPath, [CLI, ...parameters], { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
    });
  });
}

describe('SIGHUP', () => {
  it('has the file read again; a bad one changes nothing, and is told in the log', async () => {
    const { service, write, keys } = await start(fileOf('a', 'b'), { KEY: 'of-nobody' });
    expect(await keys()).toEqual(['a', 'b']);
    write(fileOf('b', 'c'));
    service.process.kill('SIGHUP');
    await eventually(async () => expect(await keys()).toEqual(['b', 'c']));

    write('monitors: [nonsense]');
    service.process.kill('SIGHUP');
    await eventually(() => {
      expect(service.log).toContainEqual(
        expect.objectContaining({
          level: 'error',
          msg: 'MONITORS_FILE could not be applied: monitors stay as they are',
          err: expect.objectContaining({
            message: expect.stringContaining('line 1: monitors[0]: It must be an object') as unknown,
          }) as unknown,
        }),
      );
    });
    expect(await keys()).toEqual(['b', 'c']);

    write('monitors: []');
    service.process.kill('SIGHUP');
    await eventually(async () => expect(await keys()).toEqual([]));
    expect(JSON.stringify(service.log)).not.toContain('of-nobody');
  });
});

describe('a start with a bad file', () => {
  it('is refused with every fault, and no value of the environment', async () => {
    const bad = fileOf('a', 'B').replace('127.0.0.1:9', '').replace('KEY', 'OTHER');
    await expect(start(bad, { KEY: 'of-nobody' })).rejects.toThrow(
      /ended with 1: MONITORS_FILE \(.*\) cannot be used:\n {2}- line 2: monitors\[0\]: headers\.x-key names OTHER.*\n {2}- line 2: monitors\[0\]: url .*\n {2}- line 3: monitors\[1\]: key .*\n$/,
    );
  });
});

describe('a start without the file', () => {
  it('is refused', async () => {
    const refused = start('monitors: []', { MONITORS_FILE: join(temporaryFolder(), 'none.yaml') });
    await expect(refused).rejects.toThrow('The file cannot be read (ENOENT)');
  });
});

describe('npm run monitors', () => {
  it('shows the difference, and makes it so', async () => {
    const { service, write } = await start(fileOf('a', 'b'), { KEY: 'first', ADMIN_TOKEN });
    write(fileOf('b', 'c').replace('name: b', 'name: Other'));
    const url = ['--url', service.url];
    const difference = [
      '- monitor default/a: a',
      '~ monitor default/b: Other',
      '    name: "b" → "Other"',
      '+ monitor default/c: c',
      '1 to create, 1 to change, 1 to remove, 0 unchanged',
      '',
    ];
    const plan = await run(['plan', ...url], { ADMIN_TOKEN });
    expect({ ...plan, output: plan.output.split('\n') }).toEqual({ code: 0, output: difference });
    const apply = await run(['apply', ...url, '--token', ADMIN_TOKEN]);
    expect(apply).toEqual({ code: 0, output: `${difference.join('\n')}applied: 3 changes\n` });
    expect(await run(['plan', ...url], { ADMIN_TOKEN })).toEqual({
      code: 0,
      output: '0 to create, 0 to change, 0 to remove, 2 unchanged\n',
    });

    write('monitors: none');
    expect(await run(['apply', ...url], { ADMIN_TOKEN })).toEqual({
      code: 1,
      output: 'line 1: monitors must be a list\n',
    });
    expect(await run(['plan', ...url])).toMatchObject({
      code: 1,
      output: expect.stringContaining('Send a valid credential') as unknown,
    });
  });

  it('says how it is used, and where nobody answers', async () => {
    expect(await run([])).toMatchObject({
      code: 2,
      output: expect.stringContaining('npm run monitors -- plan') as unknown,
    });
    expect(await run(['destroy'])).toMatchObject({ code: 2 });
    expect(await run(['--help'])).toMatchObject({ code: 0 });
    expect(await run(['plan', '--url', 'http://127.0.0.1:9'])).toMatchObject({
      code: 1,
      output: expect.stringMatching(/fetch failed/) as unknown,
    });
  });
});
