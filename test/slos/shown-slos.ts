import { Database } from '../../src/database/database';
import { MINUTE_MS } from '../../src/events/summary/time-buckets';
import type { SloDetailView, SloView } from '../../src/slos/api/slo-views';
import { Counting } from '../../src/slos/counting/counting';
import type { AlertName } from '../../src/slos/model/alerts';
import { SloAlertEntity } from '../../src/slos/storage/alert.entity';
import { change } from '../delivery/paging-service';
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

/**
 * Lets time pass for an alert that is waiting for it: its condition has held, or has been over, for so much longer. For
 * where the clock is the database's own.
 */
export async function passMinutes(service: RunningService, alert: AlertName, minutes: number): Promise<void> {
  const { state } = await service.app.get(Database).read.findOneByOrFail(SloAlertEntity, { alert });
  const ms = minutes * MINUTE_MS;
  const aged =
    state.phase === 'open'
      ? { ...state, clear_at: state.clear_at! - ms }
      : { ...state, since_at: (state as { since_at: number }).since_at - ms };
  await change(service, 'UPDATE slo_alerts SET state = ? WHERE alert = ?', [JSON.stringify(aged), alert]);
}
