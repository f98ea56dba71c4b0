/** A monitor that was given to somebody to check. */
interface Given {
  readonly next_at: number;
  /** Null where it does not count for any host. */
  readonly host: string | null;
  /** From then on it may be given again. */
  readonly until: number;
}

/**
 * Which monitors that are due somebody has in hand, so that nobody else is asked. The database knows when a check is
 * done: until then its monitor is due.
 */
export class InHand {
  private readonly given = new Map<string, Given>();
  private readonly hosts = new Map<string, number>();

  has(monitorId: string, now: number): boolean {
    const given = this.given.get(monitorId);
    return given !== undefined && given.until > now;
  }

  /** How many of a host are in hand. */
  countAt(host: string): number {
    return this.hosts.get(host) ?? 0;
  }

  give(monitorId: string, given: Given): void {
    this.take(monitorId);
    this.given.set(monitorId, given);
    if (given.host !== null) this.hosts.set(given.host, this.countAt(given.host) + 1);
  }

  /** Nobody has it in hand any more. */
  take(monitorId: string): void {
    const given = this.given.get(monitorId);
    if (given === undefined) return;
    this.given.delete(monitorId);
    if (given.host === null) return;
    const left = this.countAt(given.host) - 1;
    if (left === 0) this.hosts.delete(given.host);
    else this.hosts.set(given.host, left);
  }

  /** Takes all of which the check is done: they are not due any more, or for a later slot. */
  takeDone(due: ReadonlyMap<string, number>): void {
    for (const [monitorId, { next_at }] of this.given) {
      if (due.get(monitorId) !== next_at) this.take(monitorId);
    }
  }
}
