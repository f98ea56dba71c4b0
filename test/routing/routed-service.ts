import type { NormalizedEvent } from '../../src/normalization/normalized-event';
import { SECRET } from '../destinations/own-destinations';

/** A destination that nothing is sent to. */
export const ACME_HOOK = {
  name: 'on-call',
  type: 'webhook',
  settings: { url: 'https://hooks.example.com/signalbox', secret: SECRET },
};

/** An incident that began just now, as a source makes it. */
export function storedEvent(event_id: string, changes: Partial<NormalizedEvent> = {}): NormalizedEvent {
  const now = Date.now();
  return {
    account_id: 'default',
    event_id,
    source: 'app',
    kind: 'incident',
    severity: 'critical',
    service: 'shop',
    type: 'outage',
    user_id: null,
    summary: event_id,
    description: null,
    started_at: now,
    resolved_at: null,
    updated_at: now,
    raw: '{}',
    ...changes,
  };
}
