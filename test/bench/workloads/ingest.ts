import Sqlite from 'better-sqlite3';
import type { Bench } from '../bench';
import { chargeSucceeded, eventId, webhook } from '../documents/stripe-events';
import { expectAll200, makeLoad } from '../load/load';
import { listOf, type Requests } from '../load/requests';
import { startLocalServer, type LocalServer } from '../processes/local-server';
import { startService, STRIPE_SECRET, type Service } from '../processes/service';
import { count, ms, percent, ratio, type Report } from '../report/report';
import { median, spreadOf } from '../statistics';

/** Least share of the bare server's throughput that the service should reach. */
const LEAST_SHARE = 0.25;

interface Round {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Processor time of the server for one request, in milliseconds. */
  readonly cpuMs: number;
  readonly generatorCpu: number;
}

/** Signed webhooks of distinct, non-critical events: the service against a bare Fastify, in turns. */
export async function ingest(bench: Bench): Promise<Report> {
  const { rounds } = bench.sizes;
  const { connections, requests, warmUp } = bench.sizes.ingest;
  const service = await startService(bench, 'ingest');
  const bare = await startLocalServer('bare-fastify');
  const measured: { service: Round; bare: Round }[] = [];
  for (let round = 0; round < rounds; round++) {
    const load = signedCharges(`r${round}`, requests);
    const first = signedCharges(`w${round}`, warmUp);
    measured.push({
      bare: await measure(bare, first, load, connections),
      service: await measure(service, first, load, connections),
    });
  }
  await bare.child.stop();
  await service.child.stop();
  expectStored(service.databasePath, rounds * (requests + warmUp));

  const ofService = medianRound(measured.map((round) => round.service));
  const ofBare = medianRound(measured.map((round) => round.bare));
  const share = median(measured.map((round) => round.service.perSecond / round.bare.perSecond));
  return {
    title: 'Signed Stripe webhooks',
    method:
      `\`POST /ingest/stripe\`, ${count(requests)} distinct \`charge.succeeded\` a run, bodies of ` +
      `${count(bodyBytes())} bytes, ${connections} keep-alive connections, ${rounds} runs of each server in turns; ` +
      `medians. The service checks the signature and answers after the commit is on disk; the bare Fastify parses ` +
      `the same body and answers. All ${count(rounds * (requests + warmUp))} acknowledged events were found in the ` +
      `database, each once.`,
    tables: [
      {
        head: ['', 'requests/s', 'p50', 'p99', 'CPU per request', 'generator busy'],
        rows: [
          row('Signalbox', ofService),
          row('bare Fastify', ofBare),
          ['ratio', ratio(share), '', '', ratio(ofBare.cpuMs / ofService.cpuMs), ''],
        ],
      },
    ],
    aims: [
      {
        id: 'ingest_share',
        aim: `at least ${LEAST_SHARE} of the bare server`,
        measured: ratio(share),
        isMet: share >= LEAST_SHARE,
      },
    ],
  };
}

function signedCharges(run: string, howMany: number): Requests {
  const events = Array.from({ length: howMany }, (_, index) => chargeSucceeded(eventId(run, index)));
  return listOf(events.map((event) => webhook(event, STRIPE_SECRET)));
}

async function measure(
  { child, port }: Service | LocalServer,
  warmUp: Requests,
  requests: Requests,
  connections: number,
): Promise<Round> {
  expectAll200(await makeLoad({ port, connections, requests: warmUp }), 'warming up');
  const cpuBefore = child.cpuMs;
  const result = await makeLoad({ port, connections, requests });
  const cpuMs = (child.cpuMs - cpuBefore) / requests.count;
  expectAll200(result, 'webhooks');
  const { durationMs, latenciesMs, generatorCpu } = result;
  const { p50, p99 } = spreadOf(latenciesMs);
  return { perSecond: requests.count / (durationMs / 1_000), p50, p99, cpuMs, generatorCpu };
}

function medianRound(rounds: readonly Round[]): Round {
  const of = (field: keyof Round): number => median(rounds.map((round) => round[field]));
  return {
    perSecond: of('perSecond'),
    p50: of('p50'),
    p99: of('p99'),
    cpuMs: of('cpuMs'),
    generatorCpu: of('generatorCpu'),
  };
}

function row(name: string, { perSecond, p50, p99, cpuMs, generatorCpu }: Round): string[] {
  return [name, count(perSecond), ms(p50), ms(p99), ms(cpuMs), percent(generatorCpu)];
}

function bodyBytes(): number {
  return Buffer.byteLength(JSON.stringify(chargeSucceeded(eventId('r0', 0)), null, 2));
}

/** What was acknowledged must be there, and nothing twice. */
function expectStored(databasePath: string, acknowledged: number): void {
  const database = new Sqlite(databasePath, { readonly: true });
  const { stored } = database.prepare('SELECT count(*) AS stored FROM events').get() as { stored: number };
  database.close();
  if (stored !== acknowledged) throw new Error(`${acknowledged} were acknowledged, but ${stored} are stored`);
}
