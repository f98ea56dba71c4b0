import type { Bench } from '../bench';
import { eventId, payoutFailed, webhook } from '../documents/stripe-events';
import { expectAll, makeLoad, type LoadResult } from '../load/load';
import { listOf } from '../load/requests';
import { untilArrived } from '../processes/arrivals';
import { startLocalServer } from '../processes/local-server';
import { startService, STRIPE_SECRET } from '../processes/service';
import { count, ms, percent, type Report } from '../report/report';
import { median, medianSpread, spreadOf, type Spread } from '../statistics';

const MAX_ACK_P99_MS = 25;
const MAX_DELIVERY_P99_MS = 250;

/** Enough that a request waits for a free one only while the service stands still. */
const CONNECTIONS = 128;

/** Before the clock starts, at half the pace: time for the code to be compiled. */
const WARM_UP_SECONDS = 4;

/** Deliveries are given up for lost when they have not arrived this long after the last acknowledgement. */
const ARRIVAL_TIMEOUT_MS = 120_000;

interface Round {
  readonly ack: Spread;
  readonly delivery: Spread;
  /** Processor time of the service per second, as a share of one core. */
  readonly busy: number;
  readonly floor: Spread;
}

/** Critical events at a fixed pace, each of which must reach PagerDuty. */
export async function critical(bench: Bench): Promise<Report> {
  const { rounds } = bench.sizes;
  const { perSecond, seconds, floorSeconds } = bench.sizes.critical;
  const bare = await startLocalServer('bare-fastify');
  const measured: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    await makeRound(bare.port, 'warm', perSecond, 1);
    const floor = await makeRound(bare.port, 'floor', perSecond, floorSeconds);
    measured.push({ floor: spreadOf(floor.load.latenciesMs), ...(await measure(bench, round)) });
  }
  await bare.child.stop();

  const ack = medianSpread(measured.map((round) => round.ack));
  const delivery = medianSpread(measured.map((round) => round.delivery));
  const floor = medianSpread(measured.map((round) => round.floor));
  const busy = median(measured.map((round) => round.busy));
  const total = rounds * perSecond * seconds;
  return {
    title: 'Critical events to PagerDuty',
    method:
      `${count(perSecond)} signed \`payout.failed\` a second for ${seconds} s, at a fixed pace (open loop, ` +
      `${CONNECTIONS} connections); latencies count from when a request was due, so a stall is not hidden. A local ` +
      `server in a process of its own stands in for PagerDuty. ${rounds} runs, each on a new database, in turns ` +
      `with ${floorSeconds} s of the same load on a bare Fastify; medians of the runs. ` +
      `The service used ${percent(busy)} of one core.`,
    tables: [
      {
        head: ['', 'p50', 'p99', 'max'],
        rows: [
          row('due to acknowledged', ack),
          row('acknowledged to delivered', delivery),
          row('bare Fastify, due to answered', floor),
        ],
      },
    ],
    aims: [
      aim('critical_ack', 'ack p99', ack.p99, MAX_ACK_P99_MS),
      aim('critical_delivery', 'ack-to-delivery p99', delivery.p99, MAX_DELIVERY_P99_MS),
      { id: 'critical_lost', aim: 'none lost', measured: `0 of ${count(total)} lost`, isMet: true },
    ],
  };
}

async function measure(bench: Bench, round: number): Promise<Omit<Round, 'floor'>> {
  const { perSecond, seconds } = bench.sizes.critical;
  const pagerDuty = await startLocalServer('pagerduty-stand-in');
  const service = await startService(bench, `critical-${round}`, {
    PAGERDUTY_EVENTS_URL: `${pagerDuty.url}/v2/enqueue`,
  });
  const warmUp = await makeRound(service.port, 'warm', perSecond / 2, WARM_UP_SECONDS);
  await untilArrived(pagerDuty, warmUp.ids.length, ARRIVAL_TIMEOUT_MS);
  const cpuBefore = service.child.cpuMs;
  const { ids, load } = await makeRound(service.port, 'load', perSecond, seconds);
  const busy = (service.child.cpuMs - cpuBefore) / load.durationMs;
  const expected = warmUp.ids.length + ids.length;
  const arrivals = await untilArrived(pagerDuty, expected, ARRIVAL_TIMEOUT_MS);
  await service.child.stop();
  await pagerDuty.child.stop();
  const delays = ids.map((id, index) => {
    const arrivedAt = arrivals.arrivedAt[`default/${id}`] ?? Number.NaN;
    return arrivedAt - (load.answeredAt[index] ?? Number.NaN);
  });
  const lost = delays.filter(Number.isNaN).length;
  if (lost > 0) {
    throw new Error(`${lost} acknowledged events did not reach PagerDuty within ${ARRIVAL_TIMEOUT_MS} ms`);
  }
  return { ack: spreadOf(load.latenciesMs), delivery: spreadOf(delays), busy };
}

async function makeRound(
  port: number,
  run: string,
  perSecond: number,
  seconds: number,
): Promise<{ ids: string[]; load: LoadResult }> {
  const ids = Array.from({ length: perSecond * seconds }, (_, index) => eventId(run, index));
  const requests = listOf(ids.map((id) => webhook(payoutFailed(id), STRIPE_SECRET)));
  const load = await makeLoad({ ports: [port], requests, connections: CONNECTIONS, perSecond });
  expectAll(200, load, 'critical events');
  return { ids, load };
}

function aim(id: string, name: string, measuredMs: number, maxMs: number): Report['aims'][number] {
  return { id, aim: `${name} ≤ ${ms(maxMs)}`, measured: ms(measuredMs), isMet: measuredMs <= maxMs };
}

function row(name: string, { p50, p99, max }: Spread): string[] {
  return [name, ms(p50), ms(p99), ms(max)];
}
