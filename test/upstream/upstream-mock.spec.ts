import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fixtureData } from '../../src/upstream/built-in/server-data';

const PROGRAM = join(__dirname, '..', '..', 'dist', 'cli', 'upstream-mock.js');

let child: ChildProcess | undefined;

afterEach(() => {
  child?.kill('SIGKILL');
  child = undefined;
});

/** Starts the program with its flags; gives the URL that it says it listens on. */
async function run(...flags: string[]): Promise<string> {
  const started = spawn(process.execPath, [PROGRAM, '--port', '0', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child = started;
  for await (const line of createInterface({ input: started.stdout })) {
    const url = /listens on (\S+?)\.?( |$)/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error('the program ended without a URL');
}

describe('npm run upstream:mock', () => {
  it('has the fixtures, counts what it is asked, and stops when it is told to', async () => {
    const url = await run('--delay', '0');
    expect(await (await fetch(`${url}/getUsers`)).json()).toEqual(fixtureData().users);
    expect((await fetch(`${url}/getEventById/e-1`)).status).toBe(200);
    expect((await fetch(`${url}/getEventById/nothing`)).status).toBe(404);
    expect((await fetch(`${url}/nowhere`)).status).toBe(404);
    expect(await (await fetch(`${url}/counts`)).json()).toMatchObject({
      routes: {
        getUsers: { requests: 1, in_flight: 0 },
        getEventById: { requests: 2 },
        unknown: { requests: 1 },
      },
    });
    const ended = once(child!, 'exit');
    child!.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });

  it('is as sick as it is told to be', async () => {
    const url = await run('--failure-rate', '1');
    expect((await fetch(`${url}/getUsers`)).status).toBe(503);
    expect((await fetch(`${url}/addEvent`, { method: 'POST', body: '{}' })).status).toBe(503);
  });

  it('takes events of its users, and refuses others', async () => {
    const url = await run();
    const add = async (body: string): Promise<unknown> =>
      (await fetch(`${url}/addEvent`, { method: 'POST', body })).json();
    expect(await add('{"name":"More","userId":"u-linus"}')).toEqual({
      success: true,
      id: expect.any(String) as unknown,
    });
    for (const body of ['{"name":"More","userId":"nobody"}', '{}', '[]', 'nonsense', '']) {
      expect(await add(body)).toMatchObject({ success: false });
    }
    expect(await (await fetch(`${url}/getUserById/u-linus`)).json()).toMatchObject({
      events: [expect.any(String)],
    });
  });
});
