import type { Bench } from '../bench';
import { ACCOUNTS, singlePosts, tenantEvent } from '../documents/tenant-events';
import { expectNoLoss, storedInSqlite } from '../load/no-loss';
import { measureRound, medianRound, type Round } from '../load/round';
import { NO_LIMITS } from '../processes/designs';
import { startLocalServer } from '../processes/local-server';
import { startService } from '../processes/service';
import { count, ms, percent, ratio, type Report } from '../report/report';
import { median } from '../statistics';

/** Least share of the bare server's throughput that the service should reach. */
const LEAST_SHARE = 0.4;

const MAX_P99_MS = 20;

/** Tenants' events one by one, durable on SQLite: the service against a bare Fastify, in turns. */
export async function events(bench: Bench): Promise<Report> {
  const { rounds } = bench.sizes;
  const { connections, requests, warmUp } = bench.sizes.ingest;
  const service = await startService(bench, 'events', NO_LIMITS);
  const bare = await startLocalServer('bare-fastify');
  const measured: { service: Round; bare: Round }[] = [];
  for (let round = 0; round < rounds; round++) {
    const load = {
      warmUp: singlePosts(`w${round}`, warmUp),
      requests: singlePosts(`r${round}`, requests),
      connections,
      status: 202,
    } as const;
    measured.push({ bare: await measureRound(bare, load), service: await measureRound(service, load) });
  }
  await bare.child.stop();
  await service.child.stop();
  const acknowledged = rounds * (requests + warmUp);
  expectNoLoss(acknowledged, storedInSqlite(service.databasePath));

  const ofService = medianRound(measured.map((round) => round.service));
  const ofBare = medianRound(measured.map((round) => round.bare));
  const share = median(measured.map((round) => round.service.perSecond / round.bare.perSecond));
  return {
    title: "Tenants' events, one by one",
    method:
      `\`POST /events\` on SQLite, ${count(requests)} distinct events of ${ACCOUNTS} accounts a run, one in each ` +
      `request of ${bodyBytes()} bytes, ${connections} keep-alive connections, ${rounds} runs of each server in ` +
      `turns; medians. The service answers after the commit is on disk; the bare Fastify parses the same body and ` +
      `gives the same answer. All ${count(acknowledged)} acknowledged events were found in the database, each once.`,
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
        id: 'events_share',
        aim: `at least ${ratio(LEAST_SHARE)} of the bare server`,
        measured: ratio(share),
        isMet: share >= LEAST_SHARE,
      },
      {
        id: 'events_p99',
        aim: `p99 ≤ ${ms(MAX_P99_MS)}`,
        measured: ms(ofService.p99),
        isMet: ofService.p99 <= MAX_P99_MS,
      },
    ],
  };
}

function bodyBytes(): number {
  return Buffer.byteLength(JSON.stringify(tenantEvent('r0', 0)));
}

function row(name: string, { perSecond, p50, p99, cpuMs, generatorCpu }: Round): string[] {
  return [name, count(perSecond), ms(p50), ms(p99), ms(cpuMs), percent(generatorCpu)];
}
