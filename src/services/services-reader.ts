import { Injectable } from '@nestjs/common';
import { Database } from '../database/database';
import { identitiesJson, identityOf } from '../normalization/event-identity';
import { DEFAULT_ACCOUNT } from '../normalization/normalized-event';
import { StatusPoller } from '../statuspage/status-poller';
import { HISTORY_MS, servicesAnswer, servicesIn, shownOpenEvents } from './services-answer';
import { readMonitors, type MonitorFact, type SpeakingMonitor } from './monitor-facts';
import { DAY_MS } from './day-history';
import {
  DEAD_LATELY,
  LAST_SEEN,
  OLDER_TROUBLE,
  OPEN_EVENTS,
  PAST_EVENTS,
  TRIGGERS,
  type NewOpenEvent,
  type PastEvent,
} from './services-statements';
import type { ServicesView } from './services-views';

/** So many of each are read, the newest, so that an answer costs the same however much is stored. */
const MAX_OPEN = 2_000;
const MAX_PAST = 2_500;
const MAX_DEAD = 1_000;

/** Its events are points in time, of which no history is kept: it is there once it was heard of. */
const STRIPE = 'stripe';

/** Reads how services are: from what is stored, asking nobody. */
@Injectable()
export class ServicesReader {
  private readonly running = new Map<string | undefined, Promise<ServicesView>>();

  constructor(
    private readonly database: Database,
    private readonly poller: StatusPoller,
  ) {}

  /** Of one account, or of all. Who asks the same while it is being read shares the answer. */
  read(accountId: string | undefined): Promise<ServicesView> {
    const running = this.running.get(accountId);
    if (running !== undefined) return running;
    const answer = this.readNow(accountId ?? null).finally(() => this.running.delete(accountId));
    this.running.set(accountId, answer);
    return answer;
  }

  private async readNow(account: string | null): Promise<ServicesView> {
    const manager = this.database.read;
    const now = await this.database.now();
    const from = now - HISTORY_MS;
    const [open, incidents, statuses, monitors, dead, pages] = await Promise.all([
      this.open(account),
      PAST_EVENTS.run(manager, ['incident', account, from, MAX_PAST]),
      PAST_EVENTS.run(manager, ['status', account, from, MAX_PAST]),
      readMonitors(manager, account),
      DEAD_LATELY.run(manager, [account, MAX_DEAD, now - DAY_MS]),
      // The events of status pages are the default account's.
      account === null || account === DEFAULT_ACCOUNT ? this.poller.health() : [],
    ]);
    const past = [...incidents, ...statuses].sort((one, other) => other.received_at - one.received_at);
    const facts = { open, past, pages, monitors: monitors.filter(isSpeaking) };
    const names = JSON.stringify([...servicesIn(facts), STRIPE].map((service) => [service]));
    const [seen, triggers] = await Promise.all([
      LAST_SEEN.run(manager, [account, names]),
      TRIGGERS.run(manager, [identitiesJson(shownOpenEvents(open))]),
    ]);
    const last_seen = new Map(
      seen.flatMap(({ service, received_at }) => (received_at === null ? [] : [[service, received_at]])),
    );
    const history_since = Math.max(from, completeSince(incidents), completeSince(statuses));
    const dead_24h = Number(dead[0]?.count ?? 0);
    return servicesAnswer({ now, history_since, ...facts, triggers, last_seen, dead_24h });
  }

  /** The newest, and where those are not all also what is broken behind them: a flood must not hide an outage. */
  private async open(account: string | null): Promise<NewOpenEvent[]> {
    const newest = await OPEN_EVENTS.run(this.database.read, [account, MAX_OPEN]);
    const last = newest.at(-1);
    if (last === undefined || newest.length < MAX_OPEN) return newest;
    const older = await this.database.longRead((reader) =>
      OLDER_TROUBLE.run(reader, [account, last.received_at, MAX_OPEN]),
    );
    const known = new Set(newest.map(identityOf));
    return [...newest, ...older.filter((event) => !known.has(identityOf(event)))];
  }
}

/** Since when the newest rows are all there were. */
function completeSince(rows: readonly PastEvent[]): number {
  return rows.length < MAX_PAST ? -Infinity : (rows.at(-1)?.received_at ?? -Infinity);
}

/** One that is paused says nothing. */
function isSpeaking(monitor: MonitorFact): monitor is SpeakingMonitor {
  return monitor.state !== 'paused';
}
