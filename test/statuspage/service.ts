import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Settings } from '../../src/config/settings';
import { createApp } from '../../src/create-app';

/** An event as the API shows it. */
export interface ShownEvent {
  readonly event_id: string;
  readonly source: string;
  readonly kind: string;
  readonly type: string;
  readonly severity: string;
  readonly service: string;
  readonly summary: string;
  readonly description: string | null;
  readonly started_at: string;
  readonly resolved_at: string | null;
  readonly updated_at: string;
  readonly revision: number;
  readonly routed: boolean;
  readonly raw: unknown;
}

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

/** The answer of a pull, whatever its status. */
export interface Pulled {
  readonly fetched: Record<string, number>;
  readonly stored: number;
  readonly routed: number;
  readonly updated: number;
  readonly resolved: number;
  readonly errors?: readonly { page: string; source: string; code: string; message: string }[];
  readonly warning?: string;
  readonly code?: string;
}

/** The whole service on a port and a database file of its own, which survives `restart()`. */
export class Service {
  /** Every log line. */
  readonly log: Record<string, unknown>[] = [];
  private app!: NestFastifyApplication;
  private url!: string;

  private constructor(
    private readonly folder: string,
    private environment: Readonly<Record<string, string>>,
  ) {}

  static async start(environment: Readonly<Record<string, string>>): Promise<Service> {
    const service = new Service(await mkdtemp(join(tmpdir(), 'signalbox-')), environment);
    await service.open();
    return service;
  }

  async restart(changes: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.app.close();
    this.environment = { ...this.environment, ...changes };
    await this.open();
  }

  async stop(): Promise<void> {
    await this.app.close();
    rmSync(this.folder, { recursive: true });
  }

  pull(headers: Readonly<Record<string, string>> = {}): Promise<Answer<Pulled>> {
    return this.request('POST', '/ingest/pull-status', headers);
  }

  /** Every stored event, oldest id first. */
  async events(query = ''): Promise<ShownEvent[]> {
    const { body } = await this.request<{ events: ShownEvent[] }>('GET', `/events?limit=500${query}`);
    return body.events.sort((a, b) => (a.event_id < b.event_id ? -1 : 1));
  }

  async request<Body>(
    method: 'GET' | 'POST',
    path: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer<Body>> {
    const response = await fetch(`${this.url}${path}`, { method, headers });
    return { status: response.status, body: (await response.json()) as Body };
  }

  private async open(): Promise<void> {
    const settings = Settings.load({
      NODE_ENV: 'test',
      LOG_LEVEL: 'info',
      DATABASE_URL: `sqlite:${join(this.folder, 'signalbox.db')}`,
      // Never within a test.
      STATUS_POLL_CRON: '0 0 29 2 *',
      ...this.environment,
    });
    const stream = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        for (const line of chunk.toString('utf8').split('\n').filter(Boolean)) {
          this.log.push(JSON.parse(line) as Record<string, unknown>);
        }
        done();
      },
    });
    this.app = await createApp(settings, stream);
    await this.app.listen(0, '127.0.0.1');
    this.url = await this.app.getUrl();
  }
}
