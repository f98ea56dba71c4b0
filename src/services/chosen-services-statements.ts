import { Statement } from '../database/statement';
import type { EventEntity } from '../events/event.entity';
import { SLO_SOURCE } from '../slos/model/alert-event';
import { SOURCE_UNREADABLE } from '../statuspage/unreadable-event';
import type { OpenEvent } from './services-statements';

/** Events that are about us and our objectives rather than about the service whose name they carry. */
const OF_THE_SERVICE = `e.source <> '${SLO_SOURCE}' AND e.type NOT IN ('${SOURCE_UNREADABLE}', 'decisions_held')`;

/** Worst first, so that whatever is cut off makes no service look better than it is. */
const BADNESS = `CASE WHEN e.severity = 'critical' THEN 0 WHEN e.severity = 'warning' THEN 1
  WHEN e.type = 'maintenance' THEN 2 ELSE 3 END`;

/** Of each service the worst open events, then the newest. Parameters: account, rows of service, limit for each. */
export const OPEN_EVENTS_OF = new Statement<OpenEvent>(
  ({ rows, among, indexedBy }) => `
  SELECT account_id, event_id, source, kind, severity, service, type, summary, started_at FROM (
    SELECT e.account_id, e.event_id, e.source, e.kind, e.severity, e.service, e.type, e.summary, e.started_at,
      row_number() OVER (PARTITION BY e.service ORDER BY ${BADNESS}, e.received_at DESC) AS place
    FROM events e ${indexedBy('ix_events_open')}
    WHERE e.resolved_at IS NULL AND e.kind NOT IN ('payment', 'activity') AND e.account_id = ?
      AND ${OF_THE_SERVICE} AND e.service ${among(`SELECT j.value ->> 0 FROM ${rows('j')}`)}
  ) AS placed WHERE place <= ?`,
);

/** Trouble or maintenance that is over. */
export type EndedEvent = OpenEvent & Pick<EventEntity, 'resolved_at' | 'received_at'>;

/**
 * What of a kind is over, newest first. Parameters: kind, account, earliest arrival, rows of service, limit. On SQLite it
 * goes through all incidents of that time, and so is read as a long read.
 */
export const ENDED_EVENTS_OF = new Statement<EndedEvent>(
  ({ rows, among, indexedBy }) => `
  SELECT e.account_id, e.event_id, e.source, e.kind, e.severity, e.service, e.type, e.summary, e.started_at,
    e.resolved_at, e.received_at
  FROM events e ${indexedBy('ix_events_kind')}
  WHERE e.kind = ? AND e.kind <> 'payment' AND e.account_id = ? AND e.received_at >= CAST(? AS bigint)
    AND e.resolved_at IS NOT NULL AND (e.severity IN ('warning', 'critical') OR e.type = 'maintenance')
    AND ${OF_THE_SERVICE} AND e.service ${among(`SELECT j.value ->> 0 FROM ${rows('j')}`)}
  ORDER BY e.received_at DESC LIMIT ?`,
);

/** A monitor with what is known of it; `definition`, `state` and `last_check` are JSON text. */
export interface MonitorOfService {
  readonly id: string;
  readonly definition: string;
  readonly state: string;
  readonly last_check: string | null;
  readonly created_at: number;
}

/** Those that are worst first. Parameters: account, rows of service, limit. */
export const MONITORS_OF = new Statement<MonitorOfService>(({ name, rows, among }) => {
  const field = (column: string, member: string): string =>
    name === 'postgres' ? `CAST(${column} AS jsonb) ->> '${member}'` : `${column} ->> '${member}'`;
  return `
  SELECT m.id, m.definition, s.state, s.last_check, m.created_at
  FROM monitors m JOIN monitor_states s ON s.monitor_id = m.id
  WHERE m.account_id = ?
    AND coalesce(${field('m.definition', 'service')}, m.name) ${among(`SELECT j.value ->> 0 FROM ${rows('j')}`)}
  ORDER BY CASE ${field('s.state', 'verdict')} WHEN 'down' THEN 0 WHEN 'degraded' THEN 1 ELSE 2 END, m.id LIMIT ?`;
});
