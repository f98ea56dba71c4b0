import { Injectable } from '@nestjs/common';
import { In, MoreThan, type EntityManager } from 'typeorm';
import { Database } from '../../database/database';
import { Statement } from '../../database/statement';
import { Recorder } from '../../recording/recorder';
import { asksTheSame, dueAfterChange, firstDueAt } from '../model/due';
import { eventOf } from '../model/incident-event';
import type { MonitorDefinition } from '../model/monitor';
import { INITIAL_STATE, stopWatching, type Step } from '../model/state';
import { IncidentsRepository } from './incidents.repository';
import { MonitorEntity } from './monitor.entity';
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
  readonly write: (tx: EntityManager) => Promise<void>;
}

// Both by hand: TypeORM's own type of what can be written has no end where a column holds any JSON.
const INSERT = new Statement(
  () => `
  INSERT INTO monitors
    (id, account_id, type, name, definition, revision, origin, origin_key, token, created_at, updated_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
);

const CHANGE = new Statement<{ id: string }>(
  () => `
  UPDATE monitors SET definition = ?, name = ?, revision = revision + 1, updated_at = ?
  WHERE id = ? AND revision = ? RETURNING id`,
);

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
  ) {}

  /** Adds a monitor, which is due at once; null where the account has `limit` of them. */
  create(monitor: NewMonitor, limit = Infinity): Promise<MonitorEntity | null> {
    return this.database.write(async (tx, now) => {
      const { account_id, definition } = monitor;
      if ((await tx.countBy(MonitorEntity, { account_id })) >= limit) return null;
      const { type, name } = definition;
      const row: MonitorEntity = {
        ...monitor,
        id: randomId(),
        type,
        name,
        revision: 1,
        token: type === 'heartbeat' ? randomToken() : null,
        created_at: now,
        updated_at: now,
      };
      await insert(tx, row);
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
      return row;
    });
  }

  /**
   * Gives a monitor another definition of its type.
   *
   * @returns the monitor; null where it was changed or deleted since it was read
   */
  async change(monitor: MonitorEntity, definition: MonitorDefinition): Promise<MonitorEntity | null> {
    const { id, revision } = monitor;
    const isSame = asksTheSame(monitor.definition, definition);
    const changed = await this.turn(monitor, (state, now) => ({
      step: isSame ? { state: state.state, effects: [] } : stopWatching(state.state, now),
      because: definition.paused ? 'the monitor was paused' : 'the monitor was changed',
      write: async (tx) => {
        const json = JSON.stringify(definition);
        const changed = await CHANGE.run(tx, [json, definition.name, now, id, revision]);
        if (changed.length === 0) throw new OvertakenError(id);
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
      },
    }));
    return changed ? this.database.read.findOneBy(MonitorEntity, { id }) : null;
  }

  /** Deletes a monitor; false where it is gone. What its checks said is removed later, by retention. */
  async remove({ id }: Pick<MonitorEntity, 'id'>): Promise<boolean> {
    for (;;) {
      const monitor = await this.database.read.findOneBy(MonitorEntity, { id });
      if (monitor === null) return false;
      const isRemoved = await this.turn(monitor, ({ state }, now) => ({
        step: stopWatching(state, now),
        because: 'the monitor was deleted',
        write: async (tx) => {
          await tx.delete(MonitorEntity, { id });
          await tx.delete(MonitorStateEntity, { monitor_id: id });
        },
      }));
      if (isRemoved) return true;
    }
  }

  find(account_id: string, id: string): Promise<MonitorEntity | null> {
    return this.database.read.findOneBy(MonitorEntity, { account_id, id });
  }

  findByToken(token: string): Promise<MonitorEntity | null> {
    return this.database.read.findOneBy(MonitorEntity, { token });
  }

  /** Monitors of an account in the order of their ids, those after `after`. */
  list(account_id: string, limit: number, after?: string): Promise<MonitorEntity[]> {
    const place = after === undefined ? {} : { id: MoreThan(after) };
    return this.database.read.find(MonitorEntity, {
      where: { account_id, ...place },
      order: { id: 'ASC' },
      take: limit,
    });
  }

  /** All monitors that come from the file of monitors. */
  ofFile(): Promise<MonitorEntity[]> {
    return this.database.read.findBy(MonitorEntity, { origin: 'file' });
  }

  /** What is known of some monitors. */
  statesOf(monitorIds: readonly string[]): Promise<MonitorStateEntity[]> {
    return this.database.read.findBy(MonitorStateEntity, { monitor_id: In([...monitorIds]) });
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
    { step, because, write }: Turn,
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
        await write(tx);
      },
    });
  }
}

async function insert(tx: EntityManager, monitor: MonitorEntity): Promise<void> {
  const { id, account_id, type, name, definition, revision, origin, origin_key, token } = monitor;
  const { created_at, updated_at } = monitor;
  const json = JSON.stringify(definition);
  const fields = [id, account_id, type, name, json, revision, origin, origin_key, token];
  await INSERT.run(tx, [...fields, created_at, updated_at]);
}
