import { Injectable } from '@nestjs/common';
import { In, MoreThan, type EntityManager } from 'typeorm';
import type { Author } from '../../accounts/actor';
import { Audit } from '../../accounts/audit/audit';
import { Database } from '../../database/database';
import { Recorder } from '../../recording/recorder';
import { asksTheSame, dueAfterChange, firstDueAt } from '../model/due';
import { eventOf } from '../model/incident-event';
import type { MonitorDefinition } from '../model/monitor';
import { pauseChanges, spanChanges, type SpanChange } from '../model/span-changes';
import { INITIAL_STATE, stopWatching, type Step } from '../model/state';
import { IncidentsRepository } from './incidents.repository';
import { auditedFields, replacedHeaders } from './monitor-audit';
import { MonitorEntity } from './monitor.entity';
import { MonitorRows } from './monitor-rows';
import { MonitorSpansRepository, type MonitorSpanChange } from './monitor-spans.repository';
import { MonitorStateEntity } from './monitor-state.entity';
import { OvertakenError } from './overtaken';
import { randomId, randomToken } from './random-id';

/** A monitor that is to be. */
export type NewMonitor = Pick<MonitorEntity, 'account_id' | 'definition' | 'origin' | 'origin_key'>;

/** What a change makes of what is known of a monitor. */
interface Turn {
  readonly step: Step;
  /** Why an incident ends by it. */
  readonly because: string;
  /** What switching it off or on begins and ends. */
  readonly pauses: readonly SpanChange[];
  readonly write: (tx: EntityManager) => Promise<void>;
}

/**
 * The table of monitors, and the beginning and end of what is known of them. A monitor that is paused, deleted, or asks
 * something else from now on is no longer watched: its open incident is resolved, as nobody would ever close it, and
 * the event says why. Other changes leave an incident as it is.
 */
@Injectable()
export class MonitorsRepository {
  constructor(
    private readonly database: Database,
    private readonly recorder: Recorder,
    private readonly incidents: IncidentsRepository,
    private readonly rows: MonitorRows,
    private readonly audit: Audit,
    private readonly spans: MonitorSpansRepository,
  ) {}

  /**
   * Adds a monitor, which is due at once; null where the account has `limit` of them.
   *
   * @throws EncryptionKeyMissingError where it has headers and there is no key to seal them with
   */
  create(author: Author, monitor: NewMonitor, limit = Infinity): Promise<MonitorEntity | null> {
    return this.database.write(async (tx, now) => {
      const { account_id, definition } = monitor;
      if ((await tx.countBy(MonitorEntity, { account_id })) >= limit) return null;
      const { type, name } = definition;
      const row = await this.rows.insert(tx, {
        ...monitor,
        id: randomId(),
        type,
        name,
        revision: 1,
        token: type === 'heartbeat' ? randomToken() : null,
        created_at: now,
        updated_at: now,
      });
      await tx.insert(MonitorStateEntity, {
        monitor_id: row.id,
        version: 1,
        state: INITIAL_STATE,
        next_at: firstDueAt(definition, now),
        last_slot_at: null,
        last_check: null,
        told_at: null,
        begun_at: null,
        asked_since: now,
      });
      const after = auditedFields(definition);
      const change = { account_id, action: 'monitor.added', subject: row.id, after } as const;
      await this.audit.note(tx, now, author, change);
      await this.spans.apply(tx, of(row.id, pauseChanges(false, definition.paused, now)));
      return row;
    });
  }

  /**
   * Gives a monitor another definition of its type.
   *
   * @returns the monitor; null where it was changed or deleted since it was read
   * @throws EncryptionKeyMissingError as `create`
   */
  async change(
    author: Author,
    monitor: MonitorEntity,
    definition: MonitorDefinition,
  ): Promise<MonitorEntity | null> {
    const { id, account_id } = monitor;
    const isSame = asksTheSame(monitor.definition, definition);
    const changed = await this.turn(monitor, (state, now) => ({
      step: isSame ? { state: state.state, effects: [] } : stopWatching(state.state, now),
      because: definition.paused ? 'the monitor was paused' : 'the monitor was changed',
      pauses: pauseChanges(monitor.definition.paused, definition.paused, now),
      write: async (tx) => {
        if (!(await this.rows.change(tx, monitor, definition, now))) throw new OvertakenError(id);
        await tx.update(
          MonitorStateEntity,
          { monitor_id: id },
          isSame
            ? { next_at: dueAfterChange(id, definition, state, now) }
            : {
                next_at: firstDueAt(definition, now),
                last_slot_at: null,
                last_check: null,
                begun_at: null,
                asked_since: now,
              },
        );
        await this.audit.note(tx, now, author, {
          account_id,
          action: 'monitor.changed',
          subject: id,
          before: auditedFields(monitor.definition),
          after: { ...auditedFields(definition), ...replacedHeaders(monitor.definition, definition) },
        });
      },
    }));
    return changed ? this.opened(await this.database.read.findOneBy(MonitorEntity, { id })) : null;
  }

  /** Deletes a monitor; false where it is gone. What its checks said is removed later, by retention. */
  async remove(author: Author, { id }: Pick<MonitorEntity, 'id'>): Promise<boolean> {
    for (;;) {
      const monitor = await this.database.read.findOneBy(MonitorEntity, { id });
      if (monitor === null) return false;
      const isRemoved = await this.turn(monitor, ({ state }, now) => ({
        step: stopWatching(state, now),
        because: 'the monitor was deleted',
        pauses: [],
        write: async (tx) => {
          await tx.delete(MonitorEntity, { id });
          await tx.delete(MonitorStateEntity, { monitor_id: id });
          const { account_id, definition } = monitor;
          const before = auditedFields(definition);
          const change = { account_id, action: 'monitor.deleted', subject: id, before } as const;
          await this.audit.note(tx, now, author, change);
        },
      }));
      if (isRemoved) return true;
    }
  }

  async find(account_id: string, id: string): Promise<MonitorEntity | null> {
    return this.opened(await this.database.read.findOneBy(MonitorEntity, { account_id, id }));
  }

  findByToken(token: string): Promise<MonitorEntity | null> {
    return this.database.read.findOneBy(MonitorEntity, { token });
  }

  /** Monitors of an account in the order of their ids, those after `after`. */
  async list(account_id: string, limit: number, after?: string): Promise<MonitorEntity[]> {
    const place = after === undefined ? {} : { id: MoreThan(after) };
    const rows = await this.database.read.find(MonitorEntity, {
      where: { account_id, ...place },
      order: { id: 'ASC' },
      take: limit,
    });
    return rows.map((row) => this.rows.opened(row));
  }

  /** All monitors that come from the file of monitors. */
  async ofFile(): Promise<MonitorEntity[]> {
    const rows = await this.database.read.findBy(MonitorEntity, { origin: 'file' });
    return rows.map((row) => this.rows.opened(row));
  }

  /** What is known of some monitors. */
  statesOf(monitorIds: readonly string[]): Promise<MonitorStateEntity[]> {
    return this.database.read.findBy(MonitorStateEntity, { monitor_id: In([...monitorIds]) });
  }

  private opened(row: MonitorEntity | null): MonitorEntity | null {
    return row === null ? null : this.rows.opened(row);
  }

  /** Tries again where a check has changed what is known meanwhile; false where the monitor is not what it was. */
  private async turn(
    monitor: MonitorEntity,
    decide: (state: MonitorStateEntity, now: number) => Turn,
  ): Promise<boolean> {
    for (;;) {
      const [state] = await this.statesOf([monitor.id]);
      const current = await this.database.read.findOneBy(MonitorEntity, { id: monitor.id });
      if (state === undefined || current?.revision !== monitor.revision) return false;
      try {
        const now = Math.max(await this.database.now(), state.told_at ?? 0);
        await this.write(monitor, state, decide(state, now), now);
        return true;
      } catch (error) {
        if (!(error instanceof OvertakenError)) throw error;
      }
    }
  }

  private async write(
    { id, account_id, definition }: MonitorEntity,
    state: MonitorStateEntity,
    { step, because, pauses, write }: Turn,
    now: number,
  ): Promise<void> {
    const told = { monitor_id: id, account_id, definition, check: null, updated_at: now, because };
    const events = step.effects.map((effect) => eventOf(effect, told));
    await this.recorder.record(events, {
      alongside: async (tx) => {
        const { affected } = await tx.update(
          MonitorStateEntity,
          { monitor_id: id, version: state.version },
          {
            version: state.version + 1,
            state: step.state,
            told_at: events.length > 0 ? now : state.told_at,
          },
        );
        if (affected !== 1) throw new OvertakenError(id);
        for (const effect of step.effects) await this.incidents.apply(tx, told, effect);
        const changes = [...spanChanges(state.state, step.state, now), ...pauses];
        await this.spans.apply(tx, of(id, changes));
        await write(tx);
      },
    });
  }
}

function of(monitor_id: string, changes: readonly SpanChange[]): MonitorSpanChange[] {
  return changes.map((change) => ({ ...change, monitor_id }));
}
