import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../harness/eventually';
import { ServiceClient, type Answer } from '../harness/service-client';

/** An event whose tenant was told that it need not be sent again. */
export interface Acknowledged {
  readonly account_id: string;
  readonly event_id: string;
  readonly durability: 'committed' | 'queued';
  readonly isCritical: boolean;
  /** When its post was begun. */
  readonly sentAt: number;
}

export interface TenantsOptions {
  /** Asked before each post: a process that was started again listens elsewhere. */
  readonly url: () => string;
  /** The credential of an account. */
  readonly keyOf?: (accountId: string) => string;
  readonly clients?: number;
}

export const ACCOUNTS = ['acme-0', 'acme-1', 'acme-2'] as const;

const BATCH_SIZE = 5;

/** Of each client between two posts: some hundred posts a second, which leave the machine time for the other tests. */
const PAUSE_MS = 40;

/** One post in so many is a batch, and one event in so many is critical. */
const BATCH_EVERY = 4;
const CRITICAL_EVERY = 10;

let made = 0;

/** Tenants who post events of known ids, one at a time and in batches, and note what they are told. */
export class Tenants {
  readonly acknowledged: Acknowledged[] = [];
  /** How often each status was answered; 0 where there was no answer. */
  readonly statuses: Record<number, number> = {};
  private readonly durationsMs: number[] = [];
  private posting: Promise<void>[] = [];
  private readonly name = `t${++made}`;
  private isOver = false;
  private sent = 0;

  constructor(private readonly options: TenantsOptions) {}

  /** How many were acknowledged in a way. */
  countOf(durability: Acknowledged['durability']): number {
    return this.acknowledged.filter((event) => event.durability === durability).length;
  }

  start(): void {
    this.isOver = false;
    const { clients = 12 } = this.options;
    this.posting = Array.from({ length: clients }, (_, client) => this.post(client));
  }

  /** Resolves once every post that was begun has been answered. */
  async stop(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.posting);
  }

  async during(timeMs: number): Promise<void> {
    this.start();
    await sleep(timeMs);
    await this.stop();
  }

  /** Posts until some more are queued: Redis is in use. */
  async untilQueued(): Promise<void> {
    const before = this.countOf('queued');
    await eventually(async () => {
      await this.during(100);
      expect(this.countOf('queued')).toBeGreaterThan(before);
    });
  }

  /** Forgets how long posts have taken; gives it in words. */
  takeDurations(): string {
    const sorted = this.durationsMs.splice(0).sort((one, other) => one - other);
    const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? NaN).toFixed(1);
    return `${sorted.length} posts, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms`;
  }

  private async post(client: number): Promise<void> {
    for (let count = 0; !this.isOver; count++) {
      const size = count % BATCH_EVERY === 0 ? BATCH_SIZE : 1;
      await this.postOnce(ACCOUNTS[client % ACCOUNTS.length] as string, size);
      await sleep(PAUSE_MS);
    }
  }

  private async postOnce(account_id: string, size: number): Promise<void> {
    const events = Array.from({ length: size }, () => this.makeEvent(account_id));
    const sentAt = Date.now();
    const begunAt = performance.now();
    const answer = await this.send(account_id, size === 1 ? events[0] : { events });
    const status = answer?.status ?? 0;
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    this.durationsMs.push(performance.now() - begunAt);
    if (answer === null || status !== 202) return;
    const durability = answer.body['durability'] as Acknowledged['durability'];
    for (const { event_id, severity } of events) {
      this.acknowledged.push({
        account_id,
        event_id,
        durability,
        sentAt,
        isCritical: severity === 'critical',
      });
    }
  }

  /** Null where nobody answers. */
  private async send(account_id: string, body: unknown): Promise<Answer | null> {
    const { url, keyOf } = this.options;
    const headers: Record<string, string> =
      keyOf === undefined ? {} : { authorization: `Bearer ${keyOf(account_id)}` };
    // Whatever it is that breaks: nothing was acknowledged.
    return new ServiceClient(url()).post('/events', body, headers).catch(() => null);
  }

  private makeEvent(account_id: string): { readonly event_id: string; readonly severity: string } {
    const n = this.sent++;
    const event = {
      event_id: `${this.name}-${n}`,
      account_id,
      user_id: `user-${n % 7}`,
      type: 'checkout.failed',
      timestamp: new Date().toISOString(),
      severity: n % CRITICAL_EVERY === 0 ? 'critical' : 'info',
    };
    return event;
  }
}
