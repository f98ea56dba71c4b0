import { Injectable, Logger } from '@nestjs/common';
import { Settings } from '../config/settings';
import { ApiError } from '../http/api-error';
import type { NormalizedEvent } from '../normalization/normalized-event';
import { MetricsRegistry } from '../telemetry/metrics/metrics-registry';

/**
 * Who brings events, and so how long they are taken while the database does not keep up. `tenant`: up to
 * INTAKE_MAX_EVENTS and INTAKE_MAX_BYTES. `vendor`: a quarter more, because vendors give up on webhooks that are
 * refused for long. `own`: always; polls, checks and people bring one thing at a time and wait for it, and what they
 * bring is nowhere else.
 */
export type Sender = 'tenant' | 'vendor' | 'own';

const SHARE: Readonly<Record<Sender, number>> = { tenant: 1, vendor: 1.25, own: Infinity };

const RETRY_AFTER_S = 1;

export const OVERLOADED_MESSAGE = 'More is coming in than can be stored. Try again.';

/** How often the log says that posts are refused. */
const LOG_EVERY_MS = 10_000;

/** More waits to be stored than the process may hold. Nothing of the post was taken. */
export class OverloadedError extends ApiError {
  constructor() {
    super(503, 'overloaded', OVERLOADED_MESSAGE, { retryAfterS: RETRY_AFTER_S });
    this.name = 'OverloadedError';
  }
}

/** How much a call brings. */
export interface Load {
  readonly events: number;
  /** Characters of the signals, which are mostly bytes. */
  readonly bytes: number;
}

/** What events weigh. */
export function loadOf(events: readonly NormalizedEvent[]): Load {
  let bytes = 0;
  for (const { raw } of events) bytes += raw.length;
  return { events: events.length, bytes };
}

/**
 * The bounded buffer of events that were taken and are not stored yet: it keeps a burst, or a database that is slow or
 * away, from filling the memory. Full is what has reached a bound, so that a large post has the same chance as a small
 * one, and the bounds are exceeded by one post at most.
 */
@Injectable()
export class IntakeBuffer {
  private readonly logger = new Logger('Intake');
  private events = 0;
  private bytes = 0;
  private readonly refusals;
  private refused = 0;
  private isLogDueAt = 0;

  constructor(
    private readonly settings: Settings,
    metrics: MetricsRegistry,
  ) {
    this.refusals = metrics.counter({
      name: 'intake_refused_total',
      help: 'Posts that were refused because too much waits to be stored.',
      labels: ['sender'] as const,
      known: [{ sender: 'tenant' }, { sender: 'vendor' }],
    });
  }

  /** What is waiting to be stored, or being stored. */
  get load(): Load {
    return { events: this.events, bytes: this.bytes };
  }

  /**
   * Lets nothing more in than may wait. Asked before a post is read, it saves the work of reading it.
   *
   * @throws OverloadedError
   */
  assertHasRoomFor(sender: Sender): void {
    const share = SHARE[sender];
    const { INTAKE_MAX_EVENTS, INTAKE_MAX_BYTES } = this.settings;
    if (this.events < INTAKE_MAX_EVENTS * share && this.bytes < INTAKE_MAX_BYTES * share) return;
    this.noteRefusal(sender, Date.now());
    throw new OverloadedError();
  }

  /**
   * Counts what a call brings for as long as `store` takes.
   *
   * @throws OverloadedError; otherwise whatever `store` threw
   */
  async hold<T>(sender: Sender, { events, bytes }: Load, store: () => Promise<T>): Promise<T> {
    this.assertHasRoomFor(sender);
    this.events += events;
    this.bytes += bytes;
    try {
      return await store();
    } finally {
      this.events -= events;
      this.bytes -= bytes;
    }
  }

  private noteRefusal(sender: Sender, now: number): void {
    this.refused++;
    this.refusals.inc({ sender });
    if (now < this.isLogDueAt) return;
    this.logger.warn(
      { sender, refused: this.refused, waiting_events: this.events, waiting_bytes: this.bytes },
      'refusing what comes in: too much waits to be stored',
    );
    this.refused = 0;
    this.isLogDueAt = now + LOG_EVERY_MS;
  }
}
