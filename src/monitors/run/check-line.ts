import { PRIORITIES, type Priority } from '../model/monitor';

/** What decides when it is a check's turn. */
export interface Place {
  readonly account_id: string;
  /** With its port, as in a URL. */
  readonly host: string;
  readonly priority: Priority;
}

/** Ends a check's turn. To be called once. */
export type Leave = () => void;

interface Waiting {
  readonly place: Place;
  readonly begin: () => void;
}

/** By host, whose turn comes first stands first; each line in the order of arrival. */
type Hosts = Map<string, Waiting[]>;

/**
 * Whose turn it is where more checks are due than may run at once, overall and at one host. Those of high priority
 * come first; within a priority accounts take turns, so that one with many monitors delays its own; within an account
 * its hosts do, but for those that have as many checks as they may; at a host it is first come, first served.
 */
export class CheckLine {
  /** By priority, highest first, and account, whose turn comes first standing first. */
  private readonly lines: ReadonlyMap<Priority, Map<string, Hosts>> = new Map(
    PRIORITIES.toReversed().map((priority) => [priority, new Map<string, Hosts>()]),
  );
  private readonly runningAt = new Map<string, number>();
  private running = 0;
  private waiting = 0;

  constructor(
    private readonly limit: number,
    private readonly hostLimit: number,
  ) {}

  /** How many run and how many wait. */
  get load(): { readonly running: number; readonly waiting: number } {
    return { running: this.running, waiting: this.waiting };
  }

  /** Resolves when it is its turn. */
  enter(place: Place): Promise<Leave> {
    return new Promise((resolve) => {
      const accounts = this.lines.get(place.priority)!;
      const hosts: Hosts = accounts.get(place.account_id) ?? new Map<string, Waiting[]>();
      const line = hosts.get(place.host) ?? [];
      line.push({ place, begin: () => resolve(() => this.leave(place.host)) });
      hosts.set(place.host, line);
      accounts.set(place.account_id, hosts);
      this.waiting += 1;
      this.fill();
    });
  }

  private leave(host: string): void {
    const left = this.at(host) - 1;
    if (left === 0) this.runningAt.delete(host);
    else this.runningAt.set(host, left);
    this.running -= 1;
    this.fill();
  }

  private fill(): void {
    while (this.running < this.limit) {
      const next = this.takeNext();
      if (next === undefined) return;
      this.waiting -= 1;
      this.running += 1;
      this.runningAt.set(next.place.host, this.at(next.place.host) + 1);
      next.begin();
    }
  }

  private takeNext(): Waiting | undefined {
    for (const accounts of this.lines.values()) {
      for (const [account, hosts] of accounts) {
        const next = this.takeOf(hosts);
        if (next === undefined) continue;
        // Behind all others.
        accounts.delete(account);
        if (hosts.size > 0) accounts.set(account, hosts);
        return next;
      }
    }
    return undefined;
  }

  private takeOf(hosts: Hosts): Waiting | undefined {
    for (const [host, line] of hosts) {
      if (this.at(host) >= this.hostLimit) continue;
      const next = line.shift();
      hosts.delete(host);
      if (line.length > 0) hosts.set(host, line);
      return next;
    }
    return undefined;
  }

  private at(host: string): number {
    return this.runningAt.get(host) ?? 0;
  }
}
