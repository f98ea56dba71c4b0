import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database';
import { Statement } from '../../database/statement';
import type { Kind, Severity } from '../../normalization/normalized-event';
import type { KnownState, StoredLife } from './stored-life';

/** Which events. Instants are milliseconds since 1970 UTC, by `received_at`. */
export interface Period {
  readonly account_id: string;
  /** Included. */
  readonly from: number;
  /** Excluded. */
  readonly to: number;
}

/** A page is read, and looked at, in one go: so many events keep the event loop for some milliseconds. */
const PAGE = 2_000;

interface EventRow {
  readonly event_id: string;
  readonly source: string;
  readonly service: string;
  readonly kind: Kind;
  readonly type: string;
  readonly severity: Severity;
  readonly started_at: number;
  readonly resolved_at: number | null;
  readonly received_at: number;
  readonly revision: number;
  readonly first_seq: number;
}

interface StateRow {
  readonly event_id: string;
  readonly severity: Severity;
  readonly resolved_at: number | null;
  readonly recorded_at: number;
}

/**
 * In the order of arrival. Parameters: account, the place of the last event before, end, limit. The place alone says where
 * to begin: beside another bound SQLite might take that one, and go through all that was read before.
 */
const EVENTS = new Statement<EventRow>(
  () => `
  SELECT event_id, source, service, kind, type, severity, started_at, resolved_at, received_at, revision, first_seq
  FROM events WHERE account_id = ? AND (received_at, event_id) > (?, ?) AND received_at < ?
  ORDER BY received_at, event_id LIMIT ?`,
);

/** All states of events that have several, in order. Parameters: rows of first place, account, rows of event. */
const STATES = new Statement<StateRow>(
  ({ rows }) => `
  SELECT r.event_id, r.severity, r.resolved_at, r.recorded_at, r.revision FROM event_revisions r
  WHERE r.seq IN (SELECT CAST(j.value ->> 0 AS bigint) FROM ${rows('j')})
  UNION ALL
  SELECT r.event_id, r.severity, r.resolved_at, r.recorded_at, r.revision FROM event_revisions r
  WHERE r.account_id = ? AND r.event_id IN (SELECT k.value ->> 0 FROM ${rows('k')}) AND r.revision > 1
  ORDER BY event_id, revision`,
);

/** Reads what is known of an account's events, however many they are. */
@Injectable()
export class LifeReader {
  constructor(private readonly database: Database) {}

  /** The events of a period in the order of their arrival, a page at a time. */
  async *pagesOf({ account_id, from, to }: Period): AsyncGenerator<readonly StoredLife[]> {
    // No event has an empty id: so all that came at `from` stand behind.
    for (let at = from, id = '', isMore = true; isMore;) {
      const { events, states } = await this.read(account_id, [account_id, at, id, to, PAGE]);
      const last = events.at(-1);
      if (last === undefined) return;
      yield events.map((event) => lifeOf(account_id, event, states.get(event.event_id)));
      [at, id, isMore] = [last.received_at, last.event_id, events.length === PAGE];
    }
  }

  private read(
    accountId: string,
    parameters: readonly unknown[],
  ): Promise<{ events: readonly EventRow[]; states: ReadonlyMap<string, readonly StateRow[]> }> {
    return this.database.longRead(async (reader) => {
      const events = await EVENTS.run(reader, parameters);
      const changed = events.filter(({ revision }) => revision > 1);
      if (changed.length === 0) return { events, states: new Map() };
      const states = await STATES.run(reader, [
        JSON.stringify(changed.map(({ first_seq }) => [first_seq])),
        accountId,
        JSON.stringify(changed.map(({ event_id }) => [event_id])),
      ]);
      return { events, states: Map.groupBy(states, ({ event_id }) => event_id) };
    });
  }
}

function lifeOf(account_id: string, row: EventRow, states: readonly StateRow[] | undefined): StoredLife {
  const { event_id, source, service, kind, type, started_at, severity, resolved_at, received_at } = row;
  const known: readonly KnownState[] =
    states === undefined
      ? [{ at: received_at, severity, resolved_at }]
      : states.map((state) => ({ ...state, at: state.recorded_at }));
  return { event: { account_id, event_id, source, service, kind, type, started_at }, states: known };
}
