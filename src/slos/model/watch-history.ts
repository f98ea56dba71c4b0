import { unite, type Span } from '../../monitors/model/spans';
import type { Counts } from './counts';
import { History } from './history';
import { inBoth, minutesIn, minutesMostlyIn, outside } from './minute-spans';

/** What is known of a target over some time. */
export interface Watch {
  /** When it was to be watched: neither paused, nor deleted, nor in maintenance. */
  readonly expected: readonly Span[];
  /** Confirmed outages, from the first bad check to the first good one. */
  readonly outages: readonly Span[];
  /** When nothing could be told: nobody looked, or this side could not. */
  readonly unseen: readonly Span[];
}

/**
 * The minutes in which a target was to be watched, each as good, bad or unseen: bad where a confirmed outage took half
 * of it or more. So a target that is checked every five minutes has as many minutes as one that is checked every
 * second, and a failed check that the next ones do not confirm is no bad minute at all. Minutes are reckoned and not
 * kept: a month without an outage costs as little as an hour, so that there can be thousands of targets.
 */
export class WatchHistory extends History {
  private readonly expected: readonly Span[];
  private readonly bad: readonly Span[];
  private readonly unseen: readonly Span[];

  constructor(watch: Watch) {
    super();
    this.expected = minutesMostlyIn(watch.expected);
    this.bad = inBoth(this.expected, minutesMostlyIn(watch.outages));
    const rest = this.expected.flatMap((span) => outside(this.bad, span));
    this.unseen = inBoth(unite(rest), minutesMostlyIn(watch.unseen));
  }

  /** @param span begins and ends a minute */
  override within(span: Span): Counts {
    const all = minutesIn(inBoth([span], this.expected));
    const bad = minutesIn(inBoth([span], this.bad));
    const unseen = minutesIn(inBoth([span], this.unseen));
    return { good: all - bad - unseen, bad, unseen };
  }
}
