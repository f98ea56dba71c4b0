import { hostname } from 'node:os';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../../database/database';
import { Statement } from '../../database/statement';
import { EventsRepository } from '../../events/events.repository';
import { DEFAULT_ACCOUNT } from '../../normalization/normalized-event';
import { Recorder } from '../../recording/recorder';
import { Leadership } from '../../roles/leadership';
import type { HoldChange } from '../check/decision-hold';
import { holdEvent, holdEventId, type Hold } from './hold-event';

/** How often a hold is said to last, and looked for those of processes that are gone. */
const EVERY_MS = 10_000;

/** A hold that nobody has renewed for so long is that of a process that is gone. */
const ABANDONED_MS = 60_000;

const BEGIN = new Statement(
  () => `
  INSERT INTO decision_holds (event_id, held_since, renewed_at) VALUES (?, ?, ?) ON CONFLICT (event_id) DO NOTHING`,
);

const RENEW = new Statement(() => 'UPDATE decision_holds SET renewed_at = ? WHERE event_id = ?');

const END = new Statement(() => 'DELETE FROM decision_holds WHERE event_id = ?');

const ABANDONED = new Statement<{ event_id: string }>(
  () => 'SELECT event_id FROM decision_holds WHERE renewed_at < ? ORDER BY event_id LIMIT 100',
);

/**
 * Tells of this process's holds, each by one event that is resolved when the hold ends. A row of the database says that
 * it lasts; should the process die the leader finds that nobody renews it, and resolves the event.
 */
@Injectable()
export class HoldEvents implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Monitors');
  private readonly worker = `${hostname()
    .replaceAll(/[^A-Za-z0-9._-]/g, '-')
    .slice(0, 64)}-${process.pid}`;
  private timer: NodeJS.Timeout | undefined;
  private telling: Promise<void> = Promise.resolve();
  /** What is not told yet, oldest first: the database was away. */
  private readonly untold: HoldChange[] = [];
  private open: Hold | null = null;

  constructor(
    private readonly database: Database,
    private readonly recorder: Recorder,
    private readonly events: EventsRepository,
    private readonly leadership: Leadership,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.tell(), EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.telling;
  }

  /** Tells of a change. Never throws: what cannot be told now is told later. */
  note(change: HoldChange | null): void {
    if (change === null) return;
    this.untold.push(change);
    this.tell();
  }

  /** Resolves the events of holds of processes that are gone. The leader does it by itself. */
  async endAbandoned(): Promise<void> {
    const now = await this.database.now();
    for (const { event_id } of await ABANDONED.run(this.database.read, [now - ABANDONED_MS])) {
      await this.resolve(event_id, now);
    }
  }

  private tell(): void {
    this.telling = this.telling.then(() => this.tellAll());
  }

  private async tellAll(): Promise<void> {
    try {
      for (let next = this.untold[0]; next !== undefined; next = this.untold[0]) {
        await this.tellOf(next);
        this.untold.shift();
      }
      if (this.open !== null) await this.renew(holdEventId(this.open));
      if (this.leadership.isLeader) await this.endAbandoned();
    } catch (error) {
      this.logger.warn({ err: error }, 'a hold of decisions could not be told of; trying again');
    }
  }

  private async tellOf({ kind, heldSince, endedAt, census }: HoldChange): Promise<void> {
    const hold = { worker: this.worker, heldSince };
    if (kind === 'ended') {
      await this.resolve(holdEventId(hold), endedAt ?? heldSince);
      this.open = null;
      return;
    }
    const now = await this.database.now();
    await this.recorder.record([holdEvent(hold, census, now)], {
      alongside: async (tx: EntityManager) => {
        await BEGIN.run(tx, [holdEventId(hold), heldSince, now]);
      },
    });
    this.open = hold;
  }

  private async renew(eventId: string): Promise<void> {
    await this.database.write((tx, now) => RENEW.run(tx, [now, eventId]));
  }

  private async resolve(eventId: string, endedAt: number): Promise<void> {
    const event = await this.events.find(DEFAULT_ACCOUNT, eventId);
    const updated_at = Math.max(await this.database.now(), event?.updated_at ?? 0);
    const resolved =
      event === null
        ? []
        : [{ ...event, resolved_at: Math.max(endedAt, event.started_at), updated_at, raw: event.raw }];
    await this.recorder.record(resolved, {
      alongside: async (tx: EntityManager) => {
        await END.run(tx, [eventId]);
      },
    });
  }
}
