import { randomUUID } from 'node:crypto';

/** RFC 9562, section 5.7: twelve bits stand between the version and the variant. */
const MAX_COUNTER = 0xfff;

/**
 * Makes UUIDs of version 7 (RFC 9562, section 5.7): milliseconds since 1970, a counter, 62 random bits. Each is
 * greater than the one before, also within a millisecond and where the clock is set back (section 6.2, method 1).
 */
export class UuidV7Sequence {
  private last = -1;
  private counter = 0;
  private head = '';

  /** @param now milliseconds since 1970 UTC */
  next(now: number): string {
    if (now > this.last) this.startAt(now);
    else if (this.counter < MAX_COUNTER) this.counter++;
    // More than fit into a millisecond: those of the next one come early, as section 6.2 allows.
    else this.startAt(this.last + 1);
    // A random UUID brings the variant and the random bits behind the counter.
    return this.head + (0x7000 + this.counter).toString(16) + randomUUID().slice(18);
  }

  private startAt(at: number): void {
    this.last = at;
    this.counter = 0;
    const time = at.toString(16).padStart(12, '0');
    this.head = `${time.slice(0, 8)}-${time.slice(8)}-`;
  }
}
