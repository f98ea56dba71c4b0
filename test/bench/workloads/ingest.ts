import type { Bench } from '../bench';
import { chargeSucceeded, eventId, webhook } from '../documents/stripe-events';
import { expectNoLoss, storedInSqlite } from '../load/no-loss';
import { listOf, type Requests } from '../load/requests';
import { measureRound, medianRound, type Round } from '../load/round';
import { startLocalServer } from '../processes/local-server';
import { startService, STRIPE_SECRET } from '../processes/service';
import { count, ms, percent, ratio, type Report } from '../report/report';
import { median } from '../statistics';

/** Least share of the bare server's throughput that the service should reach. */
const LEAST_SHARE = 0.25;

/** Signed webhooks of distinct, non-critical events: the service against a bare Fastify, in turns. */
export async function ingest(bench: Bench): Promise<Report> {
  const { rounds } = bench.sizes;
  const { connections, requests, warmUp } = bench.sizes.ingest;
  const service = await startService(bench, 'ingest');
  const bare = await startLocalServer('bare-fastify');
  const measured: { service: Round; bare: Round }[] = [];
  for (let round = 0; round < rounds; round++) {
    const load = {
      warmUp: signedCharges(`w${round}`, warmUp),
      requests: signedCharges(`r${round}`, requests),
      connections,
      status: 200,
    } as const;
    measured.push({ bare: await measureRound(bare, load), service: await measureRound(service, load) });
  }
  await bare.child.stop();
  await service.child.stop();
  expectNoLoss(rounds * (requests + warmUp), storedInSqlite(service.databasePath));

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

function row(name: string, { perSecond, p50, p99, cpuMs, generatorCpu }: Round): string[] {
  return [name, count(perSecond), ms(p50), ms(p99), ms(cpuMs), percent(generatorCpu)];
}

function bodyBytes(): number {
  return Buffer.byteLength(JSON.stringify(chargeSucceeded(eventId('r0', 0)), null, 2));
}
