import { Injectable } from '@nestjs/common';
import { Settings } from '../config/settings';
import type { EventEntity } from '../events/event.entity';
import type { Action } from '../outbox/delivery.entity';
import { OUTCOMES } from '../outbox/outcome';
import type { DestinationClient } from './destination-client';
import { DestinationClients } from './destination-clients';
import type { DestinationTestView, TestedMessageView } from './destination-views';
import type { Kind } from './kind';

/** Share of the time for a request that one of its two messages may take. */
const SHARE = 0.4;

/** A destination to try. */
export interface Tested {
  readonly id: string;
  readonly account_id: string;
  readonly kind: Kind;
  /** Settings as JSON text. */
  readonly credential: string;
}

/** Sends real messages to a destination by hand, past the outbox and its breaker, and tells all that came of it. */
@Injectable()
export class DestinationTest {
  constructor(
    private readonly settings: Settings,
    private readonly clients: DestinationClients,
  ) {}

  /** Opens an incident that says it is a test, and closes it, unless it cannot have arrived. */
  async run(tested: Tested, requestId: string): Promise<DestinationTestView> {
    const { DELIVERY_TIMEOUT_MS, REQUEST_TIMEOUT_MS } = this.settings;
    const timeoutMs = Math.min(DELIVERY_TIMEOUT_MS, Math.floor(REQUEST_TIMEOUT_MS * SHARE));
    const client = this.clients.ofKind(tested.id, tested.kind, timeoutMs);
    try {
      const test = { ...tested, requestId, beganAt: Date.now() };
      const opened = await send(client, test, 'trigger');
      const messages = [opened];
      if (OUTCOMES[opened.outcome].mayHaveArrived) messages.push(await send(client, test, 'resolve'));
      return { delivered: messages.every(({ outcome }) => outcome === 'delivered'), messages };
    } finally {
      await client.close();
    }
  }
}

interface Test extends Tested {
  /** What its event is known by, so that each test is a new one. */
  readonly requestId: string;
  readonly beganAt: number;
}

async function send(
  client: DestinationClient,
  test: Test,
  action: Action,
): Promise<TestedMessageView & { readonly outcome: keyof typeof OUTCOMES }> {
  const startedAt = Date.now();
  const isOver = action === 'resolve';
  const { outcome, http_status, error, response } = await client.send(
    {
      action,
      event: testEvent(test, isOver ? startedAt : null),
      credential: test.credential,
      request_id: test.requestId,
      destination: test.id,
      delivery_id: isOver ? 2 : 1,
      follows: isOver ? 1 : null,
      sent_at: startedAt,
    },
    new AbortController().signal,
  );
  return { action, outcome, http_status, error, response, duration_ms: Date.now() - startedAt };
}

function testEvent({ account_id, requestId, beganAt }: Test, resolved_at: number | null): EventEntity {
  return {
    account_id,
    event_id: `test-${requestId}`,
    revision: resolved_at === null ? 1 : 2,
    source: 'signalbox',
    kind: 'incident',
    severity: 'info',
    service: 'Signalbox',
    type: 'test',
    user_id: null,
    summary: 'A test of this destination. Nothing is broken.',
    description: null,
    started_at: beganAt,
    resolved_at,
    updated_at: resolved_at ?? beganAt,
    received_at: beganAt,
    routed: true,
    origin: 'operator',
    request_id: requestId,
    first_seq: 0,
    last_seq: 0,
    raw: '{"test":true}',
  };
}
