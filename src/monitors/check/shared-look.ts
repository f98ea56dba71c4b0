import { setTimeout as sleep } from 'node:timers/promises';

/**
 * One look for all who want to know. Whoever asks gets what a look found that began after what made them ask: an
 * older one says nothing about it. Looks begin no closer together than `spacingMs`, however many ask.
 */
export class SharedLook<T> {
  private newest: { readonly begunAt: number; readonly found: Promise<T> } | null = null;
  private coming: Promise<T> | null = null;

  constructor(
    private readonly look: () => Promise<T>,
    private readonly spacingMs: number,
  ) {}

  /** @param since an instant of performance.now(), not in the future */
  begunAfter(since: number): Promise<T> {
    if (this.newest !== null && this.newest.begunAt >= since) return this.newest.found;
    this.coming ??= this.beginNext();
    return this.coming;
  }

  private async beginNext(): Promise<T> {
    const beginAt = this.newest === null ? 0 : this.newest.begunAt + this.spacingMs;
    // Never at once: whoever asks in the same breath has to find it coming.
    await sleep(Math.max(0, beginAt - performance.now()));
    const found = this.look();
    this.newest = { begunAt: performance.now(), found };
    this.coming = null;
    return found;
  }
}
