import { readdirSync, readFileSync } from 'node:fs';

/** Of the clock in which Linux counts processor time (USER_HZ, https://man7.org/linux/man-pages/man7/time.7.html). */
const TICK_MS = 10;

/** The parts of `/proc/<pid>/stat` that count (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html). */
interface Stat {
  readonly name: string;
  readonly parent: number;
  /** Of all its threads, in milliseconds. */
  readonly ownMs: number;
  /** Of its children that have ended and that it has waited for, in milliseconds. */
  readonly endedChildrenMs: number;
}

/** Processor time of a process so far, of all threads, in milliseconds. Linux only; elsewhere NaN. */
export function processorMs(pid: number): number {
  return process.platform === 'linux' ? statOf(pid).ownMs : Number.NaN;
}

/**
 * Processor time so far of the server that has this process of PostgreSQL's: of all its processes, also of those
 * that have ended. NaN where the server is on another machine.
 */
export function postgresMs(backend: number): number {
  if (process.platform !== 'linux') return Number.NaN;
  const stats = new Map<number, Stat>();
  for (const entry of readdirSync('/proc')) {
    if (/^\d+$/.test(entry)) readStat(Number(entry), stats);
  }
  const parent = stats.get(backend)?.parent ?? 0;
  const server = stats.get(parent);
  if (server?.name !== 'postgres') return Number.NaN;
  const children = [...stats.values()].filter((stat) => stat.parent === parent);
  return children.reduce((sum, { ownMs }) => sum + ownMs, server.ownMs + server.endedChildrenMs);
}

function readStat(pid: number, stats: Map<number, Stat>): void {
  try {
    stats.set(pid, statOf(pid));
  } catch (error) {
    // A process that has ended since the folder was read: while it was being read, the read fails with ESRCH.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ESRCH') throw error;
  }
}

function statOf(pid: number): Stat {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name, field 2, may hold anything, so what follows is counted from its end: field 3 is the first there.
  const end = stat.lastIndexOf(')');
  const fields = stat.slice(end + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3]);
  return {
    name: stat.slice(stat.indexOf('(') + 1, end),
    parent: field(4),
    ownMs: (field(14) + field(15)) * TICK_MS,
    endedChildrenMs: (field(16) + field(17)) * TICK_MS,
  };
}
