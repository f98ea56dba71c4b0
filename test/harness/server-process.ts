import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { guard } from './process-guard';

/** A user of the machine. */
export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/** A server's program, and how to run it. */
export interface ServerProgram {
  readonly command: string;
  readonly args: readonly string[];
  /** Whom it runs as; null: whoever runs the tests. */
  readonly user: SystemUser | null;
  /** All that it keeps, its log among it. */
  readonly folder: string;
  /** What ends it at once when the process of the tests is gone. */
  readonly endSignal: NodeJS.Signals;
}

/** A stop that takes longer is cut short by SIGKILL. */
const STOP_LIMIT_MS = 15_000;

/** One run of a server, which ends with the process that started it at the latest. */
export class ServerProcess {
  private isEnded = false;
  private readonly ended: Promise<void>;

  private constructor(
    private readonly child: ChildProcess,
    private readonly logPath: string,
    callOffGuard: () => void,
  ) {
    this.ended = new Promise((resolve) => {
      const end = (): void => {
        this.isEnded = true;
        callOffGuard();
        resolve();
      };
      child.once('error', end);
      child.once('exit', end);
    });
  }

  static start({ command, args, user, folder, endSignal }: ServerProgram): ServerProcess {
    const logPath = join(folder, 'log');
    const log = openSync(logPath, 'a');
    const child = spawn(command, args, {
      ...user,
      cwd: folder,
      detached: true,
      // Nothing of the caller's PGDATA, PGPORT and the like.
      env: { PATH: process.env['PATH'], LC_ALL: 'C' },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    child.unref();
    const callOffGuard =
      child.pid === undefined
        ? () => undefined
        : guard({ process: { pid: child.pid, signal: endSignal }, folder });
    return new ServerProcess(child, logPath, callOffGuard);
  }

  get isRunning(): boolean {
    return !this.isEnded;
  }

  /** Waits until it answers. False where it ended instead, or where it did not answer in time and was killed. */
  async becomesReady(answers: () => Promise<boolean>, deadline: number): Promise<boolean> {
    while (this.isRunning) {
      if (await answers()) return true;
      if (Date.now() > deadline) await this.end('SIGKILL');
      else await sleep(20);
    }
    return false;
  }

  /** Sends the signal and waits for the end, which SIGKILL brings where the signal does not in time. */
  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.isEnded) return;
    this.child.kill(signal);
    const killer = setTimeout(() => this.child.kill('SIGKILL'), STOP_LIMIT_MS);
    await this.ended;
    clearTimeout(killer);
  }

  /** The last lines of its log. */
  lastWords(): string {
    return readFileSync(this.logPath, 'utf8').split('\n').slice(-15).join('\n');
  }
}
