import { signatureHeader } from '../../src/ingest/stripe-signature';

/** The secret that services under test verify Stripe's webhooks with. */
export const STRIPE_SECRET = 'whsec_only_for_tests';

/** An answer of the service. */
export interface Answer<Body = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** An event as GET /events shows it. */
export interface ShownEvent {
  readonly event_id: string;
  readonly account_id: string;
  readonly revision: number;
  readonly kind: string;
  readonly severity: string;
  readonly source: string;
  readonly summary: string;
  readonly description: string | null;
  readonly resolved_at: string | null;
  readonly routed: boolean;
  readonly delivered_to: readonly string[];
  readonly raw: unknown;
}

/** A delivery as the API shows it. */
export interface ShownDelivery {
  readonly id: number;
  readonly event_id: string;
  readonly destination: string;
  readonly action: 'trigger' | 'resolve';
  readonly status: 'pending' | 'delivered' | 'dead' | 'skipped';
  readonly reason: string | null;
  readonly route: string | null;
  readonly hold: string | null;
  readonly held_until: string | null;
  readonly replay_of: number | null;
  readonly next_attempt_at: string | null;
  readonly finished_at: string | null;
  readonly attempts: readonly {
    readonly number: number;
    readonly outcome: string | null;
    readonly http_status: number | null;
    readonly response: string | null;
    readonly error: string | null;
    readonly retry_at: string | null;
  }[];
}

/** Speaks to the service over HTTP, as its users do. */
export class ServiceClient {
  constructor(readonly url: string) {}

  async get<Body = Record<string, unknown>>(path: string, init: RequestInit = {}): Promise<Answer<Body>> {
    const response = await fetch(`${this.url}${path}`, init);
    const text = await response.text();
    const isJson = text !== '' && response.headers.get('content-type')?.includes('json') === true;
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson ? JSON.parse(text) : text) as Body,
    };
  }

  post<Body = Record<string, unknown>>(
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    method = 'POST',
  ): Promise<Answer<Body>> {
    return this.get<Body>(path, {
      method,
      headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  /** Posts a webhook, signed as Stripe would: to the service's own endpoint, or to that of an account. */
  stripe(
    event: unknown,
    options: {
      readonly secret?: string;
      readonly at?: number;
      readonly account?: string;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<Answer> {
    const body = typeof event === 'string' ? event : JSON.stringify(event);
    const signature = signatureHeader(body, options.secret ?? STRIPE_SECRET, options.at ?? Date.now());
    const signed = { 'content-type': 'application/json', 'stripe-signature': signature };
    const headers = { ...signed, ...options.headers };
    const path = options.account === undefined ? '/ingest/stripe' : `/ingest/stripe/${options.account}`;
    return this.get(path, { method: 'POST', headers, body });
  }

  async events(query = ''): Promise<readonly ShownEvent[]> {
    return (await this.get<{ events: ShownEvent[] }>(`/events${query}`)).body.events;
  }

  async event(
    id: string,
  ): Promise<ShownEvent & { revisions: Record<string, unknown>[]; deliveries: ShownDelivery[] }> {
    const answer = await this.get(`/events/${encodeURIComponent(id)}`);
    return answer.body as unknown as ShownEvent & {
      revisions: Record<string, unknown>[];
      deliveries: ShownDelivery[];
    };
  }

  async deliveries(query = ''): Promise<readonly ShownDelivery[]> {
    return (await this.get<{ deliveries: ShownDelivery[] }>(`/deliveries${query}`)).body.deliveries;
  }
}

/** A made-up Stripe event of a type that pages. */
export function payoutFailed(id: string): Record<string, unknown> {
  const object = { id: `po_${id}`, amount: 10_000, currency: 'usd', failure_message: 'Account closed' };
  return {
    id,
    object: 'event',
    type: 'payout.failed',
    created: Math.floor(Date.now() / 1_000),
    data: { object },
  };
}

/** A made-up Stripe event of a type that pages nobody. */
export function chargeSucceeded(id: string): Record<string, unknown> {
  const object = { id: `ch_${id}`, amount: 500, currency: 'usd' };
  return {
    id,
    object: 'event',
    type: 'charge.succeeded',
    created: Math.floor(Date.now() / 1_000),
    data: { object },
  };
}
