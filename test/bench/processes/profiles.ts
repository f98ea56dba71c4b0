import type { Bench } from '../bench';
import { expectNoLoss, storedInSqlite } from '../load/no-loss';
import { ROLES_BESIDE_API, scaledEnvironment } from './designs';
import type { ScaledServers } from './scaled-servers';
import { ScaledStore } from './scaled-store';
import { startService } from './service';

/** The service in one of its profiles, on a store of its own, with the default limits for accounts. */
export interface RunningProfile {
  readonly port: number;
  /** Waits until so many events are stored, where they are not stored when they are acknowledged. */
  untilStored(events: number): Promise<void>;
  /**
   * Stops it.
   *
   * @throws Error where another number of events is stored
   */
  stop(events: number): Promise<void>;
}

/** One process on SQLite. */
export async function startEmbedded(bench: Bench, name: string): Promise<RunningProfile> {
  const { child, port, databasePath } = await startService(bench, name);
  return {
    port,
    untilStored: () => Promise.resolve(),
    stop: async (events) => {
      await child.stop();
      expectNoLoss(events, storedInSqlite(databasePath));
    },
  };
}

/** On PostgreSQL and Redis, queued: a process that takes requests, and one that does everything else. */
export async function startQueued(
  bench: Bench,
  servers: ScaledServers,
  name: string,
): Promise<RunningProfile> {
  const store = await ScaledStore.create(servers);
  const api = await startService(bench, `${name}-api`, scaledEnvironment(store, 'queued', 'api'));
  const environment = scaledEnvironment(store, 'queued', ROLES_BESIDE_API);
  const worker = await startService(bench, `${name}-worker`, environment);
  return {
    port: api.port,
    untilStored: (events) => store.untilStored(events),
    stop: async (events) => {
      await store.untilStored(events);
      await api.child.stop();
      await worker.child.stop();
      await store.drop();
    },
  };
}
