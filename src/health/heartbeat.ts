import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Settings } from '../config/settings';
import { HttpClient, HttpFailure } from '../reliability/http-client';
import { Leadership } from '../roles/leadership';
import { Readiness } from './readiness';

const EVERY_MS = 60_000;
const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 1_000;

/**
 * Tells an outside watcher (a dead man's switch) that this service works, by fetching HEARTBEAT_URL. Silence is
 * the alarm: nothing is sent while the service cannot do its work, or cannot deliver what it has to.
 */
@Injectable()
export class Heartbeat implements OnApplicationShutdown {
  private readonly logger = new Logger('Heartbeat');
  private readonly http = new HttpClient({ maxConnections: 1 });

  constructor(
    private readonly settings: Settings,
    private readonly readiness: Readiness,
    private readonly leadership: Leadership,
  ) {}

  @Interval(EVERY_MS)
  async beat(): Promise<void> {
    const url = this.settings.HEARTBEAT_URL;
    if (url === undefined || !this.leadership.isLeader) return;
    try {
      if (!(await this.readiness.isWell())) {
        this.logger.warn('no heartbeat is sent: not ready, or pages are waiting (see GET /readyz)');
        return;
      }
      const { status } = await this.http.request({
        method: 'GET',
        url,
        timeoutMs: TIMEOUT_MS,
        maxBytes: MAX_ANSWER_BYTES,
        whenLarger: 'cut',
      });
      if (status >= 400) this.logger.warn({ status }, 'the watcher did not take the heartbeat');
    } catch (error) {
      // Not the error: it names the URL, and the URL is the watcher's secret.
      const reason = error instanceof HttpFailure ? error.reason : 'internal_error';
      this.logger.warn({ reason }, 'the heartbeat could not be sent');
    }
  }

  onApplicationShutdown(): Promise<void> {
    return this.http.close();
  }
}
