/** The time and the attempts that reading one page may take and has taken, its incidents document included. */
export class PageEffort {
  readonly startedAt = Date.now();
  readonly deadlineAt: number;
  /** Requests begun. */
  attempts = 0;

  constructor(
    timeoutMs: number,
    readonly signal: AbortSignal,
  ) {
    this.deadlineAt = this.startedAt + timeoutMs;
  }

  get durationMs(): number {
    return Date.now() - this.startedAt;
  }

  /**
   * Begins a request, and says how long it may take: half of what is left, so that one that hangs leaves time for
   * another; the last one has it all.
   */
  begin(isLast: boolean): number {
    this.attempts++;
    const leftMs = this.deadlineAt - Date.now();
    return Math.max(1, Math.ceil(isLast ? leftMs : leftMs / 2));
  }
}
