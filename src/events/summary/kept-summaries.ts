import { BoundedMap } from '../../accounts/bounded-map';
import type { Summary } from './summary-answer';

/** So long a summary is given out again. */
export const KEPT_MS = 60_000;

const MAX_KEPT = 5_000;

/** Summaries that this process keeps, where there is no Redis to keep them for all. */
export class KeptSummaries {
  private readonly kept = new BoundedMap<string, { readonly summary: Summary; readonly until: number }>(
    MAX_KEPT,
  );

  /** The summary, unless it is too old at `now`. */
  find(key: string, now: number): Summary | null {
    const entry = this.kept.get(key);
    return entry !== undefined && now < entry.until ? entry.summary : null;
  }

  keep(key: string, summary: Summary, now: number): void {
    this.kept.set(key, { summary, until: now + KEPT_MS });
  }
}
