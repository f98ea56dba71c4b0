import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database';
import { Statement } from '../../database/statement';
import { DAY_MS } from '../../events/summary/time-buckets';
import type { Span } from '../../monitors/model/spans';
import { identitiesJson, identityOf, type EventIdentity } from '../../normalization/event-identity';
import { cutTo } from '../../normalization/plain-text';
import type { Fault, Incident } from '../model/incident';
import { SLO_SOURCE } from '../model/alert-event';
import { ObjectiveTargets } from '../objectives/targets';
import { sourceOf } from './vendor-events';

/** So many incidents of a time are told of, newest first. */
const MAX_INCIDENTS = 1_000;

/** So many critical events are looked through for them. */
const MAX_LOOKED_AT = 10_000;

/** What began so much earlier and goes on is among them. */
const BEGUN_BEFORE_MS = 30 * DAY_MS;

const MAX_CAUSE = 500;

interface IncidentRow extends EventIdentity {
  readonly source: string;
  readonly service: string;
  readonly summary: string;
  readonly description: string | null;
  readonly started_at: number;
  readonly resolved_at: number | null;
}

/** Parameters: since when they were received, [the account], until when and from when they went on. */
const incidents = (ofAccount: string): Statement<IncidentRow> =>
  new Statement(
    () => `
  SELECT * FROM (
    SELECT account_id, event_id, source, service, summary, description, started_at, resolved_at, kind, received_at
    FROM events WHERE severity = 'critical' AND received_at >= ? ${ofAccount}
    ORDER BY received_at DESC LIMIT ${MAX_LOOKED_AT}) AS newest
  WHERE kind IN ('incident', 'status') AND source <> '${SLO_SOURCE}'
    AND started_at < ? AND (resolved_at IS NULL OR resolved_at > ?)
  ORDER BY received_at DESC LIMIT ${MAX_INCIDENTS}`,
  );

const ALL = incidents('');
const OF_ACCOUNT = incidents('AND account_id = ?');

const FIRST_PAGES = new Statement<EventIdentity & { readonly paged_at: number }>(
  ({ rows, lookUp }) => `
  SELECT d.account_id, d.event_id, min(d.finished_at) AS paged_at FROM ${rows('j')} ${lookUp(
    'deliveries',
    'd',
    `d.account_id = j.value ->> 0 AND d.event_id = j.value ->> 1`,
  )}
  WHERE d.action = 'trigger' AND d.status || '' = 'delivered'
  GROUP BY d.account_id, d.event_id`,
);

const NOTES = new Statement<EventIdentity & { readonly note: string }>(
  ({ rows, lookUp }) => `
  SELECT r.account_id, r.event_id, r.note FROM ${rows('j')} ${lookUp(
    'event_revisions',
    'r',
    `r.account_id = j.value ->> 0 AND r.event_id = j.value ->> 1 AND r.revision > 1`,
  )}
  WHERE r.note IS NOT NULL ORDER BY r.revision`,
);

/** An incident, and what it is about. */
export interface SourcedIncident extends Incident {
  readonly source: string;
}

/**
 * Reads what went wrong: critical events of every source that have an end. What objectives themselves made of it, the
 * alerts of source `slo`, is no cause of anything and left out.
 */
@Injectable()
export class IncidentsReader {
  constructor(
    private readonly database: Database,
    private readonly targets: ObjectiveTargets,
  ) {}

  /** Incidents that went on within a time, of one account or of all; the newest. */
  async within(span: Span, account_id?: string): Promise<SourcedIncident[]> {
    const { replica } = this.database;
    const { from_at, until_at } = span;
    const since = from_at - BEGUN_BEFORE_MS;
    const rows = await (account_id === undefined
      ? ALL.run(replica, [since, until_at, from_at])
      : OF_ACCOUNT.run(replica, [since, account_id, until_at, from_at]));
    if (rows.length === 0) return [];
    const identities = [identitiesJson(rows)];
    const paged = new Map(
      (await FIRST_PAGES.run(replica, identities)).map((row) => [identityOf(row), row.paged_at]),
    );
    const notes = new Map((await NOTES.run(replica, identities)).map((row) => [identityOf(row), row.note]));
    return rows.map((row) => {
      const fault = this.faultOf(row);
      const written = notes.get(identityOf(row)) ?? (fault === 'vendor' ? row.description : null);
      return {
        account_id: row.account_id,
        id: row.event_id,
        title: row.summary,
        source: row.source,
        fault,
        cause: written === null ? null : cutTo(written, MAX_CAUSE),
        started_at: row.started_at,
        resolved_at: row.resolved_at,
        paged_at: paged.get(identityOf(row)) ?? null,
      };
    });
  }

  /** A vendor's: what its page says, and what is about its service. */
  private faultOf({ source, service }: IncidentRow): Fault {
    const isVendors = this.targets.vendors.some(
      (vendor) => source === sourceOf(vendor) || service.toLowerCase() === vendor,
    );
    return isVendors ? 'vendor' : 'own';
  }
}
