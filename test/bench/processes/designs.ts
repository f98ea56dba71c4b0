import type { Bench } from '../bench';
import type { Child } from './child';
import { startLocalServer } from './local-server';
import type { ScaledStore } from './scaled-store';
import { startService } from './service';

/** A design that takes events on PostgreSQL and Redis, as processes. */
export interface Design {
  readonly name: string;
  /** What its answers say of an event, where they say it. */
  readonly durability?: 'committed' | 'queued';
  /** Starts what takes requests. `name` names the logs. */
  startApis(bench: Bench, store: ScaledStore, name: string): Promise<Apis>;
  /** Starts what stores what was queued, and does the rest. */
  startWorker(bench: Bench, store: ScaledStore, name: string): Promise<Child>;
}

/** The processes that take requests. */
export interface Apis {
  readonly ports: readonly number[];
  readonly children: readonly Child[];
}

/** Everything that a process can do but for taking requests. */
export const ROLES_BESIDE_API = 'scheduler,worker,notifier';

/** Far above what any load reaches: the tenants' limits are not what is measured. */
export const NO_LIMITS = { ACCOUNT_EVENTS_PER_MINUTE: '1000000000', ACCOUNT_BURST: '1000000000' };

/** Settings of a process of Signalbox in the scaled profile; accounts have their default limits. */
export function scaledEnvironment(
  store: ScaledStore,
  mode: 'direct' | 'queued',
  roles: string,
): Record<string, string> {
  return {
    DATABASE_URL: store.databaseUrl,
    REDIS_URL: store.redisUrl,
    REDIS_PREFIX: store.prefix,
    AUTH_SECRET: 'only-for-measuring-and-for-nothing-else',
    INGEST_MODE: mode,
    ROLES: roles,
  };
}

/** Signalbox in the scaled profile: processes of role `api`, and one of all other roles. */
export function signalbox(mode: 'direct' | 'queued', apis: number): Design {
  return {
    name: `Signalbox, ${mode}, ${numberOf(apis)}`,
    durability: mode === 'queued' ? 'queued' : 'committed',
    startApis: async (bench, store, name) => {
      const environment = { ...scaledEnvironment(store, mode, 'api'), ...NO_LIMITS };
      const services = await inTurns(apis, (index) => {
        return startService(bench, `${name}-api-${index}`, environment);
      });
      return { ports: services.map(({ port }) => port), children: services.map(({ child }) => child) };
    },
    startWorker: async (bench, store, name) => {
      const environment = scaledEnvironment(store, mode, ROLES_BESIDE_API);
      return (await startService(bench, `${name}-worker`, environment)).child;
    },
  };
}

/** The design that textbooks give: see textbook/. */
export function textbook(apis: number): Design {
  const places = (store: ScaledStore): string[] => [store.databaseUrl, store.redisUrl, store.prefix];
  return {
    name: `textbook, ${numberOf(apis)}`,
    startApis: async (_bench, store) => {
      const servers = await inTurns(apis, () => startLocalServer('../textbook/api', places(store)));
      return { ports: servers.map(({ port }) => port), children: servers.map(({ child }) => child) };
    },
    startWorker: async (_bench, store) => (await startLocalServer('../textbook/worker', places(store))).child,
  };
}

function numberOf(apis: number): string {
  return apis === 1 ? '1 API process' : `${apis} API processes`;
}

async function inTurns<T>(howMany: number, start: (index: number) => Promise<T>): Promise<T[]> {
  const started: T[] = [];
  for (let index = 0; index < howMany; index++) started.push(await start(index));
  return started;
}
