import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { MockIncidents, type IncidentState } from './mock-incidents';
import type { ValidMessage } from './validate';

const MAX_EVENTS = 1_000;
const MAX_EVENTS_BYTES = 16 * 1_024 * 1_024;
const MAX_INCIDENTS = 10_000;

/** What became of a message. */
export interface Processed {
  readonly dedup_key: string;
  /** Null where the key has no incident, so that there was nothing to acknowledge or resolve. */
  readonly state: IncidentState | null;
}

/** What the mock has received, newest last, and the incidents that it made of it. In memory, and bounded. */
@Injectable()
export class MockPagerDutyStore {
  /** JSON text in UTF-8: what they take is known to the byte. */
  private readonly events: Buffer[] = [];
  private eventsBytes = 0;
  private readonly incidents = new MockIncidents(MAX_INCIDENTS);

  /**
   * Takes in a valid message. `received` is the body as it came, which is the message itself or what it was
   * translated from. A trigger without a key gets one, as at PagerDuty.
   */
  process(received: Readonly<Record<string, unknown>>, message: ValidMessage, receivedAt: number): Processed {
    const { routing_key, event_action } = message;
    const dedup_key = message.dedup_key || randomUUID().replaceAll('-', '');
    this.keep({
      ...received,
      event_action,
      dedup_key,
      routing_key: `****${routing_key.slice(-4)}`,
      received_at: new Date(receivedAt).toISOString(),
    });
    return { dedup_key, state: this.incidents.apply(routing_key, dedup_key, event_action) };
  }

  /** `{"events":[…],"incidents":[…]}`, both oldest first. As text: there may be 16 MB of it. */
  toJson(): string {
    return `{"events":[${this.events.join(',')}],"incidents":${JSON.stringify(this.incidents.list())}}`;
  }

  private keep(event: Record<string, unknown>): void {
    const text = Buffer.from(JSON.stringify(event));
    this.events.push(text);
    this.eventsBytes += text.length;
    while (this.events.length > MAX_EVENTS || this.eventsBytes > MAX_EVENTS_BYTES) {
      this.eventsBytes -= this.events.shift()?.length ?? 0;
    }
  }
}
