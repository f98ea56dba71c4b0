import type { WatchedMonitor } from '../storage/watched-monitors';

/** Nobody has the monitor in hand any more. Where it is still due, it is to be left alone for a while. */
export type CheckDone = (watched: WatchedMonitor, restMs: number) => void;

/** Who has the checks run that are due: the embedded profile runs them itself, the scaled one queues them. */
export abstract class CheckHandover {
  /** So many of one host are given at a time. */
  abstract readonly hostLimit: number;

  /** After so long a monitor that is still due is given again. */
  abstract readonly repeatAfterMs: number;

  /** Gives checks to whoever runs them; `done` is called for those of which their end becomes known here. */
  abstract give(due: readonly WatchedMonitor[], done: CheckDone): Promise<void>;
}
