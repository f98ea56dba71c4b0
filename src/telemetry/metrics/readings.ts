import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { MetricsRegistry } from './metrics-registry';

/** Values for metrics that the process does not know by itself, and reads from the database or Redis now and then. */
export interface Reading {
  readonly name: string;
  /** Whether this process is the one that reads and exports it: the leader, for what all processes share. */
  readonly isOurs: () => boolean;
  readonly read: () => Promise<void>;
  /** Takes back what was exported, because it is another process's now. */
  readonly forget: () => void;
}

interface Kept {
  readonly reading: Reading;
  /** On the monotonic clock; null while nothing of it is exported. */
  readAt: number | null;
  isFailing: boolean;
}

/** How often everything is read, in milliseconds: as often as Prometheus usually asks. */
const READ_EVERY_MS = 15_000;

/**
 * Reads on a timer what metrics need from the database or Redis, so that no scrape has to: however many scrapers there
 * are, and however often they ask, the database does not notice. How old a reading is, is a metric itself.
 */
@Injectable()
export class Readings implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Metrics');
  private readonly kept: Kept[] = [];
  private readonly failures;
  private timer: NodeJS.Timeout | undefined;
  private reading: Promise<void> | null = null;

  constructor(metrics: MetricsRegistry) {
    const labels = ['reading'] as const;
    metrics.gauge(
      {
        name: 'reading_age_seconds',
        help: 'Time since values were read from the database or Redis.',
        labels,
      },
      (gauge) => {
        gauge.reset();
        for (const { reading, readAt } of this.kept) {
          if (readAt !== null) gauge.set({ reading: reading.name }, (performance.now() - readAt) / 1_000);
        }
      },
    );
    const name = 'reading_failures_total';
    this.failures = metrics.counter({
      name,
      help: 'Readings that failed; the values before them stay.',
      labels,
    });
  }

  /** Reads it from now on, every 15 s. */
  add(reading: Reading): void {
    this.kept.push({ reading, readAt: null, isFailing: false });
    this.failures.inc({ reading: reading.name }, 0);
  }

  onApplicationBootstrap(): void {
    void this.readAll();
    this.timer = setInterval(() => void this.readAll(), READ_EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.reading;
  }

  /** Reads everything that is this process's now. One that is slow is not begun again before it ends. Never rejects. */
  readAll(): Promise<void> {
    this.reading ??= this.readEach().finally(() => (this.reading = null));
    return this.reading;
  }

  private async readEach(): Promise<void> {
    await Promise.all(this.kept.map((kept) => this.readOne(kept)));
  }

  private async readOne(kept: Kept): Promise<void> {
    const { reading } = kept;
    if (!reading.isOurs()) {
      if (kept.readAt !== null) reading.forget();
      kept.readAt = null;
      return;
    }
    try {
      await reading.read();
      kept.readAt = performance.now();
      kept.isFailing = false;
    } catch (error) {
      this.failures.inc({ reading: reading.name });
      const line = { err: error, reading: reading.name };
      if (!kept.isFailing) this.logger.warn(line, 'values for metrics could not be read; trying again');
      kept.isFailing = true;
    }
  }
}
