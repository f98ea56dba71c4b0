import { answered, api } from '../../api/client';
import type { MonitorUptime } from '../../api/types';

/** So many monitors one call may ask for. */
const MOST = 25;

/** Rows that come into sight together are asked for together. */
const GATHER_MS = 20;

interface Asked {
  readonly id: string;
  readonly resolve: (uptime: MonitorUptime | null) => void;
  readonly reject: (error: unknown) => void;
}

const waiting = new Map<string, Asked[]>();

/** The uptime of a monitor, asked for together with those of others of its account; null where it is gone. */
export function uptimeOfMonitor(account: string, id: string): Promise<MonitorUptime | null> {
  return new Promise((resolve, reject) => {
    const asked = waiting.get(account);
    if (asked !== undefined) {
      asked.push({ id, resolve, reject });
      return;
    }
    waiting.set(account, [{ id, resolve, reject }]);
    setTimeout(() => {
      const all = waiting.get(account) ?? [];
      waiting.delete(account);
      for (let from = 0; from < all.length; from += MOST) void ask(account, all.slice(from, from + MOST));
    }, GATHER_MS);
  });
}

async function ask(account: string, asked: readonly Asked[]): Promise<void> {
  const query = { account_id: account, monitor_ids: asked.map(({ id }) => id).join(',') };
  try {
    const { uptimes } = await answered(api.GET('/uptimes', { params: { query } }));
    const byId = new Map(uptimes.map((uptime) => [uptime.monitor_id, uptime]));
    for (const { id, resolve } of asked) resolve(byId.get(id) ?? null);
  } catch (error) {
    for (const { reject } of asked) reject(error);
  }
}
