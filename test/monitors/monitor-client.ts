import type { RunningService } from '../harness/service';
import type { Answer } from '../harness/service-client';

/** A monitor as the API shows it, as far as tests look. */
export interface ShownMonitor {
  readonly id: string;
  readonly account_id: string;
  readonly name: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly heartbeat_path?: string;
  readonly state: string;
  readonly last_check: { readonly state: string; readonly reason: string | null } | null;
  readonly next_check_at: string | null;
  readonly incident: { readonly event_id: string } | null;
  readonly origin: string;
  readonly key: string | null;
  readonly [field: string]: unknown;
}

/** A refused definition. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly faults?: readonly { readonly field: string | null; readonly message: string }[];
}

/** Speaks to the API of monitors, as its users do. */
export class MonitorClient {
  constructor(private readonly service: RunningService) {}

  get<Body = ShownMonitor>(path: string): Promise<Answer<Body>> {
    return this.service.client.get<Body>(path);
  }

  post<Body = ShownMonitor>(path: string, body?: unknown): Promise<Answer<Body>> {
    return this.service.client.post<Body>(path, body);
  }

  patch<Body = ShownMonitor>(path: string, body: unknown): Promise<Answer<Body>> {
    return this.service.client.post<Body>(path, body, {}, 'PATCH');
  }

  delete<Body = Refusal | ''>(path: string): Promise<Answer<Body>> {
    return this.service.client.get<Body>(path, { method: 'DELETE' });
  }

  /** Adds a monitor that is right. */
  async add(fields: Readonly<Record<string, unknown>>): Promise<ShownMonitor> {
    const { status, body } = await this.post('/monitors', { name: 'API', ...fields });
    if (status !== 201) throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
    return body;
  }

  /** The fields that a refusal names, in order. */
  static fieldsOf({ body }: Answer<unknown>): readonly (string | null)[] {
    return (body as Refusal).faults?.map(({ field }) => field) ?? [];
  }
}
