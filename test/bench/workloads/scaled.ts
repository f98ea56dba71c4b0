import type { Bench } from '../bench';
import { ACCOUNTS, singlePosts } from '../documents/tenant-events';
import { measureRound, medianRound, type Round } from '../load/round';
import { measureDesign, medianScaledRound, type ScaledRound } from '../load/scaled-round';
import { signalbox, textbook, type Design } from '../processes/designs';
import { startLocalServer } from '../processes/local-server';
import { LEFT_OUT } from '../processes/scaled-servers';
import { count, ms, percent, ratio, type Report } from '../report/report';

const TITLE = "Tenants' events on PostgreSQL and Redis, beside the textbook";

const QUEUED = signalbox('queued', 1);
const TEXTBOOK = textbook(1);

/** In the order in which they take turns. */
const DESIGNS: readonly Design[] = [
  QUEUED,
  signalbox('queued', 2),
  signalbox('direct', 1),
  signalbox('direct', 2),
  TEXTBOOK,
  textbook(2),
];

/** Tenants' events one by one in the scaled profile, and in the design that textbooks give for them. */
export async function scaled(bench: Bench): Promise<Report> {
  const { servers } = bench;
  if (servers === null) return { title: TITLE, method: LEFT_OUT, tables: [], aims: [] };
  const { rounds } = bench.sizes;
  const { connections, requests, warmUp } = bench.sizes.scaled;
  const bare = await startLocalServer('bare-fastify');
  const ofBare: Round[] = [];
  const measured = new Map<Design, ScaledRound[]>(DESIGNS.map((design) => [design, []]));
  for (let round = 0; round < rounds; round++) {
    const load = { warmUp: singlePosts('warm', warmUp), requests: singlePosts('load', requests) };
    ofBare.push(await measureRound(bare, { ...load, connections, status: 202 }));
    for (const [index, design] of DESIGNS.entries()) {
      measured.get(design)?.push(await measureDesign(bench, servers, design, `scaled-${round}-${index}`));
    }
  }
  await bare.child.stop();

  const medianOf = (design: Design): ScaledRound => medianScaledRound(measured.get(design) ?? []);
  return {
    title: TITLE,
    method:
      `\`POST /events\`, ${count(requests)} distinct events of ${ACCOUNTS} accounts a run, one in each request, ` +
      `${connections} keep-alive connections over all API processes; ${rounds} runs of each design in turns, each ` +
      `on a new database and with new processes, ${count(warmUp)} requests to warm up; medians. Beside its API ` +
      `processes each design has one worker process (Signalbox: all other roles). All processes, PostgreSQL, Redis ` +
      `and the generator share the processors of this machine. The textbook (test/bench/textbook): Nest on Express, ` +
      `class-validator, one BullMQ job for each request, a worker with a concurrency of 50 and 10 connections that ` +
      `inserts one row for each job into one table with one unique key; it logs no requests. Stored/s counts from ` +
      `the first request until the last event is in PostgreSQL. Processor time is per event and counts until then, ` +
      `all processes of the design, PostgreSQL and Redis. Of every run all acknowledged events were found in the ` +
      `database, each once.`,
    tables: [
      {
        head: ['', 'acknowledged/s', 'p50', 'p99', 'stored/s', 'generator busy'],
        rows: [
          ...DESIGNS.map((design) => speedRow(design.name, medianOf(design))),
          bareRow(medianRound(ofBare)),
        ],
      },
      {
        head: [
          'processor time',
          'own processes',
          'PostgreSQL',
          'Redis',
          'events/CPU-second',
          'own processes only',
        ],
        rows: DESIGNS.map((design) => cpuRow(design.name, medianOf(design))),
      },
    ],
    aims: aimsOf(medianOf(QUEUED), medianOf(TEXTBOOK)),
  };
}

/** Queued against textbook, each with one API process and one worker. */
function aimsOf(own: ScaledRound, other: ScaledRound): Report['aims'] {
  const beats = (id: string, aim: string, field: keyof ScaledRound): Report['aims'][number] => ({
    id,
    aim: `${aim} above the textbook's`,
    measured: `${count(own[field])} against ${count(other[field])}, ${ratio(own[field] / other[field])} times`,
    isMet: own[field] > other[field],
  });
  return [
    beats('textbook_acknowledged', 'queued: acknowledged/s', 'perSecond'),
    beats('textbook_stored', 'queued: stored/s', 'storedPerSecond'),
    {
      id: 'textbook_p99',
      aim: "queued: p99 below the textbook's",
      measured: `${ms(own.p99)} against ${ms(other.p99)}`,
      isMet: own.p99 < other.p99,
    },
    beats('textbook_cpu', 'queued: events/CPU-second, servers included,', 'perCpuSecond'),
    beats('textbook_own_cpu', 'queued: events/CPU-second of its own processes', 'perOwnCpuSecond'),
  ];
}

function speedRow(name: string, round: ScaledRound): string[] {
  const { perSecond, p50, p99, storedPerSecond, generatorCpu } = round;
  return [name, count(perSecond), ms(p50), ms(p99), count(storedPerSecond), percent(generatorCpu)];
}

function bareRow({ perSecond, p50, p99, generatorCpu }: Round): string[] {
  return ['bare Fastify', count(perSecond), ms(p50), ms(p99), '', percent(generatorCpu)];
}

function cpuRow(name: string, round: ScaledRound): string[] {
  const { designMs, postgresMs, redisMs, perCpuSecond, perOwnCpuSecond } = round;
  return [name, ms(designMs), ms(postgresMs), ms(redisMs), count(perCpuSecond), count(perOwnCpuSecond)];
}
