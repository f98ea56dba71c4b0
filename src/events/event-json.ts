import { isoOrNull } from '../normalization/instant';
import type { EventEntity } from './event.entity';
import type { RevisionEntity } from './revision.entity';

/**
 * An event as JSON text. The signal goes in as the text it was stored as: parsing and printing it again would
 * cost time and change what the vendor wrote (numbers beyond 2^53, repeated keys).
 */
export function eventJson(event: EventEntity, deliveredTo: readonly string[], more: string = ''): string {
  const head = JSON.stringify({
    account_id: event.account_id,
    event_id: event.event_id,
    revision: event.revision,
    source: event.source,
    kind: event.kind,
    severity: event.severity,
    service: event.service,
    type: event.type,
    user_id: event.user_id,
    summary: event.summary,
    description: event.description,
    started_at: isoOrNull(event.started_at),
    resolved_at: isoOrNull(event.resolved_at),
    updated_at: isoOrNull(event.updated_at),
    received_at: isoOrNull(event.received_at),
    routed: Boolean(event.routed),
    delivered_to: deliveredTo,
    request_id: event.request_id,
  });
  return `${head.slice(0, -1)},"raw":${event.raw}${more}}`;
}

/** A revision as JSON text; `raw` is null where it is the event's own. */
export function revisionJson(revision: RevisionEntity): string {
  const head = JSON.stringify({
    seq: revision.seq,
    revision: revision.revision,
    origin: revision.origin,
    note: revision.note,
    severity: revision.severity,
    summary: revision.summary,
    description: revision.description,
    resolved_at: isoOrNull(revision.resolved_at),
    updated_at: isoOrNull(revision.updated_at),
    recorded_at: isoOrNull(revision.recorded_at),
    request_id: revision.request_id,
  });
  return `${head.slice(0, -1)},"raw":${revision.raw ?? 'null'}}`;
}
