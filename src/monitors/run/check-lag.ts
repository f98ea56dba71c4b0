/** So many of the newest checks are remembered. */
const REMEMBERED = 2_000;

/** How late the newest checks began, in milliseconds. */
export interface LagSummary {
  readonly checks: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly max_ms: number;
}

/** How late checks begin: from the slot that was planned to the beginning of the request. */
export class CheckLag {
  private readonly newest: number[] = [];
  private place = 0;

  note(lagMs: number): void {
    this.newest[this.place] = lagMs;
    this.place = (this.place + 1) % REMEMBERED;
  }

  /** Null before the first check. */
  summary(): LagSummary | null {
    if (this.newest.length === 0) return null;
    const sorted = this.newest.toSorted((one, other) => one - other);
    const at = (part: number): number => sorted[Math.floor(part * (sorted.length - 1))] ?? 0;
    return { checks: sorted.length, p50_ms: at(0.5), p99_ms: at(0.99), max_ms: at(1) };
  }
}
