import type { Bench } from '../bench';
import { batchPosts } from '../documents/tenant-events';
import { expectNoLoss, storedInSqlite } from '../load/no-loss';
import { measureRound, medianRound, type Round, type RoundLoad } from '../load/round';
import { NO_LIMITS, ROLES_BESIDE_API, scaledEnvironment } from '../processes/designs';
import { startLocalServer } from '../processes/local-server';
import { LEFT_OUT, type ScaledServers } from '../processes/scaled-servers';
import { ScaledStore } from '../processes/scaled-store';
import { startService } from '../processes/service';
import { count, ms, percent, type Report } from '../report/report';

const LEAST_PER_SECOND = 80_000;

/** Tenants' events in batches, durable: on SQLite, on PostgreSQL, and into a bare Fastify, in turns. */
export async function batches(bench: Bench): Promise<Report> {
  const { servers } = bench;
  const { rounds } = bench.sizes;
  const { connections, batchSize, requests, warmUp } = bench.sizes.batches;
  const bare = await startLocalServer('bare-fastify');
  const service = await startService(bench, 'batches', NO_LIMITS);
  const ofBare: Round[] = [];
  const onSqlite: Round[] = [];
  const onPostgres: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    const load = {
      warmUp: batchPosts(`w${round}`, warmUp, batchSize),
      requests: batchPosts(`r${round}`, requests, batchSize),
      connections,
      status: 202,
    } as const;
    ofBare.push(await measureRound(bare, load));
    onSqlite.push(await measureRound(service, load));
    if (servers !== null) onPostgres.push(await measureOnPostgres(bench, servers, load, round));
  }
  await bare.child.stop();
  await service.child.stop();
  const acknowledged = rounds * (requests + warmUp) * batchSize;
  expectNoLoss(acknowledged, storedInSqlite(service.databasePath));

  const perSecond = medianRound(onSqlite).perSecond * batchSize;
  return {
    title: "Tenants' events in batches",
    method:
      `\`POST /events\` with ${batchSize} events in each request (${count(bodyBytes(batchSize))} bytes, all of one ` +
      `account), ${count(requests)} requests a run, ${connections} keep-alive connections, ${rounds} runs of each in ` +
      `turns; medians. Each answer comes after the commit is on disk, in one process with all roles` +
      `${servers === null ? '' : ' (on PostgreSQL a new database for each run)'}. All ${count(acknowledged)} ` +
      `acknowledged events were found in each database, each once.` +
      `${servers === null ? ` PostgreSQL: ${LEFT_OUT}` : ''}`,
    tables: [
      {
        head: ['', 'events/s', 'p50', 'p99', 'CPU per event', 'generator busy'],
        rows: [
          row('Signalbox on SQLite', medianRound(onSqlite), batchSize),
          ...(servers === null ? [] : [row('Signalbox on PostgreSQL', medianRound(onPostgres), batchSize)]),
          row('bare Fastify', medianRound(ofBare), batchSize),
        ],
      },
    ],
    aims: [
      {
        id: 'batches',
        aim: `at least ${count(LEAST_PER_SECOND)} events/s on SQLite`,
        measured: count(perSecond),
        isMet: perSecond >= LEAST_PER_SECOND,
      },
    ],
  };
}

async function measureOnPostgres(
  bench: Bench,
  servers: ScaledServers,
  load: RoundLoad,
  round: number,
): Promise<Round> {
  const store = await ScaledStore.create(servers);
  const roles = `api,${ROLES_BESIDE_API}`;
  const environment = { ...scaledEnvironment(store, 'direct', roles), ...NO_LIMITS };
  const service = await startService(bench, `batches-postgres-${round}`, environment);
  const measured = await measureRound(service, load);
  const { batchSize } = bench.sizes.batches;
  expectNoLoss((load.warmUp.count + load.requests.count) * batchSize, await store.storedEvents());
  await service.child.stop();
  await store.drop();
  return measured;
}

function bodyBytes(batchSize: number): number {
  const request = batchPosts('r0', 1, batchSize).at(0);
  return request.length - request.indexOf('\r\n\r\n') - 4;
}

function row(name: string, { perSecond, p50, p99, cpuMs, generatorCpu }: Round, batchSize: number): string[] {
  return [name, count(perSecond * batchSize), ms(p50), ms(p99), ms(cpuMs / batchSize), percent(generatorCpu)];
}
