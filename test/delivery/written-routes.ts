import type { EntityManager } from 'typeorm';
import { Database } from '../../src/database/database';
import { Statement } from '../../src/database/statement';
import { OutboxRepository } from '../../src/outbox/outbox.repository';
import { WakeSignal } from '../../src/outbox/wake-signal';
import { inForce } from '../../src/routing/holds';
import { RoutingRulesReader, type RulesOf } from '../../src/routing/routing-rules-reader';
import type { Hold, RoutedEvent, Wishes } from '../../src/routing/wishes';
import type { RunningService } from '../harness/service';
import { wish } from './past-deliveries';

/** A route for all events of an account. */
export interface WrittenRoute {
  /** The outbox's names of its destinations. */
  readonly to: readonly string[];
  /** Milliseconds since 1970. */
  readonly mute_until?: number;
  readonly min_duration_s?: number;
  readonly remind_every_s?: number;
  readonly fallback?: string;
  readonly fallback_after_s?: number;
}

type App = Pick<RunningService, 'app'>;

const CREATE = new Statement(
  () => 'CREATE TABLE IF NOT EXISTS written_routes (account_id TEXT PRIMARY KEY, route TEXT NOT NULL)',
);

const WRITE = new Statement(
  () => `INSERT INTO written_routes (account_id, route) VALUES (?, ?)
  ON CONFLICT (account_id) DO UPDATE SET route = excluded.route`,
);

const READ = new Statement<{ account_id: string; route: string }>(
  () => 'SELECT account_id, route FROM written_routes',
);

const READ_FOR_RECORDING = new Statement<{ account_id: string; route: string }>(
  ({ name }) =>
    `SELECT account_id, route FROM written_routes ORDER BY account_id ${name === 'postgres' ? 'FOR SHARE' : ''}`,
);

/** Lets a service follow routes that a test writes into a table of its own. An account without one has none at all. */
export async function useWrittenRoutes({ app }: App): Promise<void> {
  await app.get(Database).write((tx) => CREATE.run(tx));
  const reader = app.get(RoutingRulesReader);
  const read = async (statement: typeof READ, tx: EntityManager): Promise<RulesOf> => {
    const routes = new Map((await statement.run(tx)).map(({ account_id, route }) => [account_id, route]));
    return (accountId) => ({
      wishesFor: (event, now) => {
        const route = routes.get(accountId);
        const none: Wishes = { wanted: [], fallbacks: [] };
        return route === undefined ? none : wishesOf(JSON.parse(route) as WrittenRoute, event, now);
      },
    });
  };
  reader.forRecording = (tx) => read(READ_FOR_RECORDING, tx);
  reader.forEvents = (tx) => read(READ, tx);
}

/** Writes an account's route, as an edit does: what is held is looked at again. */
export async function writeRoute({ app }: App, accountId: string, route: WrittenRoute): Promise<void> {
  await app.get(Database).write(async (tx, now) => {
    await WRITE.run(tx, [accountId, JSON.stringify(route)]);
    await app.get(OutboxRepository).reconsiderHeld(tx, accountId, now);
  });
  app.get(WakeSignal).raise();
}

function wishesOf(route: WrittenRoute, { started_at }: RoutedEvent, now: number): Wishes {
  const { to, mute_until = 0, min_duration_s = 0, remind_every_s = null, fallback } = route;
  const mute = inForce({ reason: 'mute', until: mute_until }, now);
  const lastsUntil = Math.min(started_at, now) + min_duration_s * 1_000;
  const duration = inForce({ reason: 'duration', until: lastsUntil }, now);
  const later = [mute, duration].filter((hold): hold is Hold => hold !== null);
  const hold = later.sort((a, b) => b.until - a.until)[0] ?? null;
  const wanted = to.map((destination) => {
    return wish({ destination, route_id: 'written', hold, hold_when_worse: mute, remind_every_s });
  });
  if (fallback === undefined) return { wanted, fallbacks: [] };
  const after_s = route.fallback_after_s ?? 300;
  return { wanted, fallbacks: [{ destination: fallback, route_id: 'written', of: to, after_s }] };
}
