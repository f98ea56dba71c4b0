import type { RunningService } from '../harness/service';
import type { Answer } from '../harness/service-client';

/** A public status as programs read it, as far as tests look at it. */
export interface ShownStatus {
  readonly title: string;
  readonly state: string;
  readonly generated_at: string;
  readonly is_stale: boolean;
  readonly services: readonly {
    readonly id: string;
    readonly name: string;
    readonly state: string;
    readonly basis: string;
    readonly evidence_at: string | null;
    readonly uptime_percent: Readonly<Record<string, number | null>>;
    readonly days: readonly { readonly date: string; readonly outage_s: number }[];
  }[];
  readonly open: readonly ShownIncident[];
  readonly ended: readonly ShownIncident[];
  readonly planned: readonly { readonly service_ids: readonly string[]; readonly starts_at: string }[];
}

export interface ShownIncident {
  readonly id: string;
  readonly service_id: string;
  readonly level: string;
  readonly ended_at: string | null;
  readonly summary: string | null;
}

/** Everybody: who has no credential, and never gets to see what was remembered for the visitor before. */
export class Visitor {
  private aheadMs = 0;

  constructor(private readonly service: RunningService) {
    const now = Date.now;
    jest.spyOn(Date, 'now').mockImplementation(() => now() + this.aheadMs);
  }

  /** Lets so much time pass that nothing is told without another look. */
  comeBackLater(ms = 6_000): void {
    this.aheadMs += ms;
  }

  get<Body = string>(path: string, headers: Record<string, string> = {}): Promise<Answer<Body>> {
    return this.service.client.get<Body>(path, { headers });
  }

  async status(slug: string): Promise<ShownStatus> {
    this.comeBackLater();
    const { status, body } = await this.get<ShownStatus>(`/status/${slug}/status.json`);
    if (status !== 200) throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
    return body;
  }

  /** Everything that a page tells, in every form. */
  async everything(slug: string): Promise<string> {
    this.comeBackLater();
    const paths = ['', '/status.json', '/feed.rss', '/badge.svg', '/badge.svg?metric=uptime&window=24h'];
    const answers = await Promise.all(paths.map((path) => this.get<unknown>(`/status/${slug}${path}`)));
    return answers
      .map(({ body, headers }) => {
        return `${JSON.stringify([...headers])}\n${typeof body === 'string' ? body : JSON.stringify(body)}`;
      })
      .join('\n');
  }
}
