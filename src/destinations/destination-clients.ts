import { Injectable } from '@nestjs/common';
import { Settings } from '../config/settings';
import { fingerprintOf, KeptSecrets } from '../outbox/kept-secrets';
import { anyAddress, userTargets } from '../reliability/address-guard';
import type { CircuitBreaker } from '../reliability/circuit-breaker';
import { CircuitBreakers } from '../reliability/circuit-breakers';
import type { Destination } from './destination';
import { DestinationClient, type CurrentCredential } from './destination-client';
import { DestinationsRepository } from './destinations.repository';
import { HttpSender } from './http-sender';
import type { Kind } from './kind';
import { Kinds } from './kinds';
import { OperatorsPagerDuty } from './operators-pagerduty';
import type { Sender } from './send-result';
import { SmtpSender } from './smtp-sender';

/** Makes the clients of destinations. Whoever lets one be made closes it. */
@Injectable()
export class DestinationClients {
  /** That of the operator's own destination, which all accounts share. */
  readonly operators: DestinationClient;
  /** Fingerprints of what leads nowhere any more. */
  readonly abandoned: readonly string[];

  constructor(
    private readonly settings: Settings,
    private readonly breakers: CircuitBreakers,
    private readonly destinations: DestinationsRepository,
    private readonly kinds: Kinds,
    secrets: KeptSecrets,
    pagerDuty: OperatorsPagerDuty,
  ) {
    const { name, credential: secret, abandonedCredentials } = pagerDuty;
    const current = { fingerprint: fingerprintOf(name, secret), destination: name, secret };
    this.abandoned = abandonedCredentials.map((abandoned) => fingerprintOf(name, abandoned));
    this.operators = this.client(name, pagerDuty, breakers.named(name), async (tx, now) => {
      await secrets.keepOnce(tx, current, now);
      return current.fingerprint;
    });
  }

  /** A client of an account's destination, deleted or not; null where there never was one of that id. */
  async ofAccount(id: string): Promise<DestinationClient | null> {
    const type = await this.destinations.typeOf(id);
    return type === null ? null : this.ofKind(id, this.kinds.of(type), this.settings.DELIVERY_TIMEOUT_MS);
  }

  /** The same for a kind that is known, and with a time limit of its own, in milliseconds. */
  ofKind(id: string, kind: Kind, timeoutMs: number): DestinationClient {
    const credential: CurrentCredential = (tx) => this.destinations.currentCredential(tx, id);
    return this.client(id, kind, this.breakers.unlisted(id), credential, timeoutMs);
  }

  /** What metrics call a destination of which nothing but the name is known. */
  kindOf(name: string): string {
    return name === this.operators.name ? name : 'account_any';
  }

  private client(
    name: string,
    destination: Destination,
    breaker: CircuitBreaker,
    credential: CurrentCredential,
    timeoutMs: number = this.settings.DELIVERY_TIMEOUT_MS,
  ): DestinationClient {
    const kind = 'type' in destination ? `account_${(destination as Kind).type}` : name;
    const sender = this.sender(destination, timeoutMs);
    return new DestinationClient(name, kind, breaker, credential, destination, sender);
  }

  private sender(destination: Destination, timeoutMs: number): Sender {
    if (destination.sentBy === 'smtp') {
      return new SmtpSender(destination, this.settings.SMTP_URL ?? '', timeoutMs);
    }
    const addresses = destination.isUsersUrl ? userTargets(this.settings) : anyAddress;
    const limits = { timeoutMs, concurrency: this.settings.WORKER_CONCURRENCY };
    return new HttpSender(destination, limits, addresses);
  }
}
