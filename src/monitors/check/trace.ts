import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Timings } from '../model/monitor';

const DAY_MS = 86_400_000;

/** The steps of a check, in their order. */
export type Step = 'dns' | 'connect' | 'tls' | 'answer';

/** What one request of a check went through, at instants of performance.now(). Null: not reached, or not taken. */
class HopTrace {
  readonly begunAt = performance.now();
  lookupAt: number | null = null;
  resolvedAt: number | null = null;
  connectedAt: number | null = null;
  securedAt: number | null = null;
  answeredAt: number | null = null;

  constructor(private readonly isSecure: boolean) {}

  /** When the connection was ready to be written to. */
  get readyAt(): number | null {
    return this.isSecure ? this.securedAt : this.connectedAt;
  }

  get step(): Step {
    if (this.readyAt !== null) return 'answer';
    if (this.connectedAt !== null) return 'tls';
    return this.lookupAt !== null && this.resolvedAt === null ? 'dns' : 'connect';
  }
}

/** What happened on the way of one check: where it went, how long its steps took, how far it came. */
export class Trace {
  private readonly begunAt = performance.now();
  private readonly hops: HopTrace[] = [];
  /** Whole days until the first of the certificates met ends; null without TLS. */
  private certificateEndsAt: number | null = null;
  /** Where the newest connection leads. */
  remoteAddress: string | null = null;

  beginHop(url: URL): void {
    this.hops.push(new HopTrace(url.protocol === 'https:'));
  }

  noteLookup(): void {
    this.hop.lookupAt = performance.now();
  }

  noteResolved(): void {
    this.hop.resolvedAt = performance.now();
  }

  /** The newest request's answer has begun. */
  noteAnswer(): void {
    this.hop.answeredAt = performance.now();
  }

  watch(socket: Socket): void {
    const { hop } = this;
    socket.once('connect', () => {
      hop.connectedAt = performance.now();
      this.remoteAddress = socket.remoteAddress ?? null;
    });
    if (!(socket instanceof TLSSocket)) return;
    socket.once('secureConnect', () => {
      hop.securedAt = performance.now();
      const endsAt = socket.getPeerX509Certificate()?.validToDate.getTime() ?? null;
      if (endsAt !== null) this.certificateEndsAt = Math.min(endsAt, this.certificateEndsAt ?? Infinity);
    });
  }

  /** The step that was under way last. */
  get step(): Step {
    return this.hops.at(-1)?.step ?? 'dns';
  }

  get isRedirected(): boolean {
    return this.hops.length > 1;
  }

  /** Whether the newest request may have left. */
  get isSent(): boolean {
    return this.step === 'answer';
  }

  get elapsedMs(): number {
    return tenths(performance.now() - this.begunAt);
  }

  tlsDaysLeft(now: number): number | null {
    return this.certificateEndsAt === null ? null : Math.floor((this.certificateEndsAt - now) / DAY_MS);
  }

  /** Of all requests together, to a tenth of a millisecond. */
  timings(totalMs: number): Timings {
    return {
      dns_ms: this.sum((hop) => [hop.lookupAt, hop.resolvedAt]),
      connect_ms: this.sum((hop) => [hop.resolvedAt ?? hop.begunAt, hop.connectedAt]),
      tls_ms: this.sum((hop) => [hop.connectedAt, hop.securedAt]),
      first_byte_ms: this.sum((hop) => [hop.readyAt, hop.answeredAt]),
      total_ms: totalMs,
    };
  }

  private get hop(): HopTrace {
    const hop = this.hops.at(-1);
    if (hop === undefined) throw new Error('no request has begun');
    return hop;
  }

  private sum(spanOf: (hop: HopTrace) => readonly [number | null, number | null]): number | null {
    const spans = this.hops
      .map(spanOf)
      .flatMap(([from, to]) => (from === null || to === null ? [] : [to - from]));
    return spans.length === 0 ? null : tenths(spans.reduce((sum, span) => sum + span, 0));
  }
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
