import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../bench';
import { startLocalServer } from '../processes/local-server';
import { untilReady } from '../processes/ready';
import { startService } from '../processes/service';
import { megabytes, ms, type Report } from '../report/report';
import { median } from '../statistics';

/** One start, and the rest after it. */
interface Round {
  readonly readyAfterMs: number;
  readonly idleBytes: number;
}

/** How soon the service is ready, and what it takes to do nothing. */
export async function footprint(bench: Bench): Promise<Report> {
  const { rounds } = bench.sizes;
  const { idleMs } = bench.sizes.footprint;
  const ofService: Round[] = [];
  const ofBare: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    const service = await startService(bench, 'footprint');
    const startedAt = performance.now();
    const bare = await startLocalServer('bare-fastify');
    await untilReady(bare.child, `${bare.url}/readyz`);
    const bareReadyAfterMs = performance.now() - startedAt;
    await sleep(idleMs);
    ofService.push({ readyAfterMs: service.readyAfterMs, idleBytes: service.child.residentBytes });
    ofBare.push({ readyAfterMs: bareReadyAfterMs, idleBytes: bare.child.residentBytes });
    await service.child.stop();
    await bare.child.stop();
  }
  return {
    title: 'Start and rest',
    method:
      `From the start of the process until \`GET /readyz\` answers 200 (the first of ${rounds} starts makes the ` +
      `database), and resident memory after ${idleMs / 1_000} s without work; medians.`,
    tables: [
      {
        head: ['', 'start to ready', 'idle memory'],
        rows: [row('Signalbox', ofService), row('bare Fastify', ofBare)],
      },
    ],
    aims: [],
  };
}

function row(name: string, rounds: readonly Round[]): string[] {
  return [
    name,
    ms(median(rounds.map(({ readyAfterMs }) => readyAfterMs))),
    megabytes(median(rounds.map(({ idleBytes }) => idleBytes))),
  ];
}
