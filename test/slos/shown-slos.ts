import { Counting } from '../../src/slos/counting/counting';
import type { SloDetailView, SloView } from '../../src/slos/api/slo-views';
import type { RunningService } from '../harness/service';

/** The timers stay real: only the clock is set. */
export const EVERYTHING_BUT_DATE = [
  ...(['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const),
  ...(['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] as const),
];

/** Stores what a process has counted, as it does at the end of each minute. */
export function storeCounts({ app }: RunningService): Promise<void> {
  return app.get(Counting).store();
}

export async function slos({ client }: RunningService, query = '?limit=500'): Promise<readonly SloView[]> {
  const { status, body } = await client.get<{ slos: SloView[] }>(`/slos${query}`);
  if (status !== 200) throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
  return body.slos;
}

/** An objective in detail. */
export async function slo({ client }: RunningService, id: string, query = ''): Promise<SloDetailView> {
  const { status, body } = await client.get<SloDetailView>(`/slos/${encodeURIComponent(id)}${query}`);
  if (status !== 200) throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

/** What was counted of an objective over its own window. */
export async function countsOf(
  service: RunningService,
  id: string,
  query = '',
): Promise<{ good: number; bad: number; unseen: number }> {
  const { windows, window } = await slo(service, id, query);
  const { good, bad, unseen } = windows.find((one) => one.window === window)!;
  return { good, bad, unseen };
}
