import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { eventually } from './eventually';
import { temporaryFolder } from './temporary-folder';

const GUARD = pathToFileURL(join(__dirname, 'process-guard.ts')).href;

/** Starts a process that holds its output open, guards it, says so, and goes on. */
const SCRIPT = (folder: string, more: string): string => `
  import { spawn } from 'node:child_process';
  import { guard } from ${JSON.stringify(GUARD)};
  const { pid } = spawn('sleep', ['60'], { detached: true, stdio: ['ignore', 'inherit', 'ignore'] });
  const callOff = guard({ process: { pid, signal: 'SIGTERM' }, folder: ${JSON.stringify(folder)} });
  console.log('guarding');
  ${more}`;

/** A process that guards; its output ends when both it and what it guards have ended. */
async function startGuarding(
  folder: string,
  more: string,
): Promise<{ parent: ChildProcess; allEnded: Promise<unknown> }> {
  // Node reads the types away itself (https://nodejs.org/api/typescript.html), and would remark on the module's kind.
  const options = ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', '--input-type=module'];
  const parent = spawn(process.execPath, [...options, '-e', SCRIPT(folder, more)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const allEnded = once(parent.stdout, 'end');
  await once(parent.stdout, 'data');
  return { parent, allEnded };
}

describe('the guard', () => {
  it('ends the process and removes the folder when whoever started them is killed', async () => {
    const folder = join(temporaryFolder(), 'guarded');
    mkdirSync(folder);
    const { parent, allEnded } = await startGuarding(folder, 'process.stdin.resume();');
    expect(existsSync(folder)).toBe(true);
    parent.kill('SIGKILL');
    await allEnded;
    await eventually(() => expect(existsSync(folder)).toBe(false));
  });

  it('keeps nobody from ending, and does nothing once it is called off', async () => {
    const folder = join(temporaryFolder(), 'guarded');
    mkdirSync(folder);
    const { allEnded } = await startGuarding(folder, 'callOff(); process.kill(pid);');
    await allEnded;
    expect(existsSync(folder)).toBe(true);
  });
});
