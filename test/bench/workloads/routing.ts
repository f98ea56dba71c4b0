import type { Bench } from '../bench';
import { count, ms, ratio, type Report } from '../report/report';
import { ruleCosts, type EventCost } from './routing/rules';
import { besideSickDestinations } from './routing/sick-destinations';
import { trials } from './routing/trials';

/** How much more an event may cost with all the routes that an account may have. */
const MAX_COST_RATIO = 1.2;

/** The service answers no request later than this by default. */
const MAX_PREVIEW_MS = 15_000;

/** How much later healthy destinations may be told beside sick ones. */
const MAX_P95_RATIO = 1.5;

/** What routes cost, and what sick destinations cost the others. */
export async function routing(bench: Bench): Promise<Report> {
  const { routes, events, stored, perSecond, seconds } = bench.sizes.routing;
  const { none, many } = await ruleCosts(bench);
  const { explain, preview, listsAlone, listsMeanwhile } = await trials(bench);
  const { alone, beside } = await besideSickDestinations(bench);
  const costRatio = many.elapsedUs / none.elapsedUs;
  const p95Ratio = beside.p95 / alone.p95;
  return {
    title: 'Routes',
    method:
      `${count(events)} tenants' events in batches of 500, of accounts with ${routes} routes each and with none, in ` +
      `turns; explanations of stored events one after the other, and previews of a draft with three routes over ` +
      `${count(preview.events)} events of 30 days among ${count(stored)} stored ones (${count(preview.added)} pages added, ` +
      `${count(preview.removed)} removed); ${perSecond} critical events a second for ${seconds} s to eight destinations, ` +
      `alone and beside one that hangs and one that nobody listens at. ${bench.sizes.rounds} runs of each; medians.`,
    tables: [
      {
        head: ['', 'time per event', 'CPU per event'],
        rows: [costRow('no routes', none), costRow(`${routes} routes`, many)],
      },
      {
        head: ['', 'p50', 'p99'],
        rows: [
          ['an explanation', ms(explain.p50), ms(explain.p99)],
          ['a preview', ms(preview.ms), ''],
          ['a list of 5 events', ms(listsAlone.p50), ms(listsAlone.p99)],
          ['the same during a preview', ms(listsMeanwhile.p50), ms(listsMeanwhile.p99)],
        ],
      },
      {
        head: ['acknowledged to arrived at healthy destinations', 'p50', 'p95', 'p99'],
        rows: [
          ['alone', ms(alone.p50), ms(alone.p95), ms(alone.p99)],
          ['beside the sick ones', ms(beside.p50), ms(beside.p95), ms(beside.p99)],
        ],
      },
    ],
    aims: [
      {
        id: 'routing_cost',
        aim: `time per event with ${routes} routes within ${MAX_COST_RATIO} of none`,
        measured: ratio(costRatio),
        isMet: costRatio <= MAX_COST_RATIO,
      },
      {
        id: 'routing_preview',
        aim: `a preview ≤ ${ms(MAX_PREVIEW_MS)}`,
        measured: ms(preview.ms),
        isMet: preview.ms <= MAX_PREVIEW_MS,
      },
      {
        id: 'routing_sick',
        aim: `p95 of the healthy within ${MAX_P95_RATIO} of that without the sick`,
        measured: ratio(p95Ratio),
        isMet: p95Ratio <= MAX_P95_RATIO,
      },
    ],
  };
}

function costRow(name: string, { elapsedUs, cpuUs }: EventCost): string[] {
  return [name, `${elapsedUs.toFixed(1)} µs`, `${cpuUs.toFixed(1)} µs`];
}
