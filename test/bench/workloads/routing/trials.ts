import type { Bench } from '../../bench';
import { nowMs } from '../../clock';
import { fillWithEvents } from '../../documents/stored-events';
import { expectAll, makeLoad } from '../../load/load';
import { listOf, postOf, repeatedGet } from '../../load/requests';
import { startService, type Service } from '../../processes/service';
import { median, spreadOf, type Spread } from '../../statistics';
import { send } from './settings';

/** The whole span of what is stored. */
const DAYS = 30;

const EXPLANATIONS = 500;

/** A draft that pages for more than the rules in force, and for less. */
const DRAFT = [
  { name: 'Pages', match: { source: ['*_status'], severity: { from: 'warning' } }, to: ['pagerduty'] },
  { name: 'Failed charges', match: { type: ['charge.*'], severity: { from: 'warning' } }, to: ['pagerduty'] },
  { name: 'The rest', match: {}, to: [] },
];

/** What it takes to try routes on what is stored. */
export interface Trials {
  readonly explain: Spread;
  /** In milliseconds, and of how many events. */
  readonly preview: {
    readonly ms: number;
    readonly events: number;
    readonly added: number;
    readonly removed: number;
  };
  /** Lists of events meanwhile, and while nothing else is asked for. */
  readonly listsMeanwhile: Spread;
  readonly listsAlone: Spread;
}

/** Measures explanations and previews over a large store. */
export async function trials(bench: Bench): Promise<Trials> {
  const empty = await startService(bench, 'routing-stored');
  await empty.child.stop();
  fillWithEvents(empty.databasePath, bench.sizes.routing.stored);
  const service = await startService(bench, 'routing-stored');
  const explain = await explanations(service);
  await preview(service);
  const previews = [];
  for (let round = 0; round < bench.sizes.rounds; round++) previews.push(await preview(service));
  const listsAlone = await lists(service, () => Promise.resolve(null));
  const listsMeanwhile = await lists(service, () => preview(service));
  await service.child.stop();
  return {
    explain,
    preview: { ...previews[0]!, ms: median(previews.map(({ ms }) => ms)) },
    listsAlone,
    listsMeanwhile,
  };
}

async function explanations({ port, url }: Service): Promise<Spread> {
  const answer = await (await fetch(`${url}/events?limit=500`)).json();
  const { events } = answer as { events: { account_id: string; event_id: string }[] };
  const bodies = events.slice(0, EXPLANATIONS).map(({ account_id, event_id }) => {
    return postOf('/routes/explain', JSON.stringify({ account_id, event_id, routes: DRAFT }), {});
  });
  const run = async (): Promise<Spread> => {
    const load = await makeLoad({ ports: [port], connections: 1, requests: listOf(bodies) });
    expectAll(200, load, 'explanations');
    return spreadOf(load.latenciesMs);
  };
  await run();
  return run();
}

async function preview({ url }: Service): Promise<Trials['preview']> {
  const startedAt = nowMs();
  const body = (await send(`${url}/routes/preview`, 'POST', { days: DAYS, routes: DRAFT })) as {
    events: number;
    added_total: number;
    removed_total: number;
  };
  return {
    ms: nowMs() - startedAt,
    events: body.events,
    added: body.added_total,
    removed: body.removed_total,
  };
}

/** Lists of events, one after the other, until something else is done, or for a second. */
async function lists({ port }: Service, meanwhile: () => Promise<unknown>): Promise<Spread> {
  const other = meanwhile();
  const load = makeLoad({
    ports: [port],
    connections: 1,
    requests: repeatedGet('/events?limit=5', 100_000),
    stopAfterMs: 1_000,
  });
  const { latenciesMs } = await load;
  await other;
  return spreadOf(latenciesMs);
}
