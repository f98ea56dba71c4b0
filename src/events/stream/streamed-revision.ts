import { Statement } from '../../database/statement';
import { iso, isoOrNull } from '../../normalization/instant';
import type { EventEntity } from '../event.entity';
import type { RevisionEntity } from '../revision.entity';

/** What is streamed of a revision. */
export type StreamedRevision = Pick<
  RevisionEntity,
  | 'seq'
  | 'account_id'
  | 'event_id'
  | 'revision'
  | 'severity'
  | 'summary'
  | 'resolved_at'
  | 'updated_at'
  | 'recorded_at'
> &
  Pick<EventEntity, 'source' | 'kind' | 'service' | 'type' | 'started_at'>;

/** Revisions by their places. Parameters: the place before the first, the last one, limit. */
export const READ_REVISIONS = new Statement<StreamedRevision>(
  ({ lookUp }) => `
  SELECT r.seq, r.account_id, r.event_id, r.revision, r.severity, r.summary, r.resolved_at, r.updated_at,
    r.recorded_at, e.source, e.kind, e.service, e.type, e.started_at
  FROM (
    SELECT seq, account_id, event_id, revision, severity, summary, resolved_at, updated_at, recorded_at
    FROM event_revisions WHERE seq > CAST(? AS bigint) AND seq <= CAST(? AS bigint) ORDER BY seq LIMIT ?
  ) r ${lookUp('events', 'e', 'e.account_id = r.account_id AND e.event_id = r.event_id')}
  ORDER BY r.seq`,
);

/** A revision as a server-sent event. */
export function revisionMessage(revision: StreamedRevision): string {
  const { started_at, resolved_at, updated_at, recorded_at } = revision;
  const data = JSON.stringify({
    ...revision,
    started_at: iso(started_at),
    resolved_at: isoOrNull(resolved_at),
    updated_at: iso(updated_at),
    recorded_at: iso(recorded_at),
  });
  return `id: ${revision.seq}\nevent: revision\ndata: ${data}\n\n`;
}
