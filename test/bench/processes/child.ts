import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { processorMs } from './processor-time';

/** How long a child may take to stop before it is ended. */
const STOP_TIMEOUT_MS = 20_000;

const running = new Set<ChildProcess>();

// Whatever this process ends of, its children do not outlive it.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A Node process that the benchmark started. */
export class Child {
  private constructor(private readonly child: ChildProcess) {
    running.add(child);
    child.once('exit', () => running.delete(child));
  }

  /** Starts this process's own Node with the given arguments. */
  static start(args: readonly string[], options: SpawnOptions): Child {
    return new Child(spawn(process.execPath, args, options));
  }

  /** The next message that the child sends; rejects where it ends before. */
  async nextMessage(): Promise<unknown> {
    const message = once(this.child, 'message').then(([first]) => first as unknown);
    const end = once(this.child, 'exit').then(([code]) => {
      throw new Error(
        `a process of the benchmark ended with ${String(code)} before it said what was expected`,
      );
    });
    return Promise.race([message, end]);
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Resident memory now, in bytes. */
  get residentBytes(): number {
    return this.statusBytes('VmRSS');
  }

  /** The most memory that was ever resident, in bytes. */
  get peakResidentBytes(): number {
    return this.statusBytes('VmHWM');
  }

  /** Processor time so far, of all threads, in milliseconds. Unlike time on the clock, nobody else takes it away. */
  get cpuMs(): number {
    return processorMs(this.child.pid ?? 0);
  }

  /** Asks the child to stop, waits until it has, and ends it where that takes too long. */
  async stop(): Promise<void> {
    if (this.hasEnded) return;
    const end = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const isInTime = await Promise.race([
      end.then(() => true),
      sleep(STOP_TIMEOUT_MS, false, { ref: false }),
    ]);
    if (isInTime) return;
    this.child.kill('SIGKILL');
    await end;
    throw new Error(`a process did not stop within ${STOP_TIMEOUT_MS} ms of SIGTERM`);
  }

  /** Linux only (https://man7.org/linux/man-pages/man5/proc_pid_status.5.html); elsewhere NaN. */
  private statusBytes(field: 'VmRSS' | 'VmHWM'): number {
    if (process.platform !== 'linux') return Number.NaN;
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * 1_024;
  }
}
