import { statSync } from 'node:fs';
import type { Bench } from '../bench';
import { listPath, QUESTIONS, summaryPath, WINDOWS, type Question } from '../documents/summary-questions';
import {
  countSince,
  fillWithTenantEvents,
  ALIKE_ACCOUNTS,
  SMALL_ACCOUNTS,
  smallAccount,
} from '../documents/tenant-store';
import { expectAll, makeLoad } from '../load/load';
import { listOf, repeatedGet } from '../load/requests';
import { startService, type Service } from '../processes/service';
import { count, megabytes, ms, ratio, type Report } from '../report/report';
import { medianSpread, spreadOf, type Spread } from '../statistics';

/** How much slower the large store may be. */
const MAX_RATIO = 1.3;

const MAX_UNCACHED_MS = 50;

/** What of a summary is looked at. */
interface SummaryAnswer {
  readonly window_start: string;
  readonly total: number;
  readonly top_users: readonly { readonly user_id: string; readonly count: number }[];
}

type Answers = ReadonlyMap<Question, Spread[]>;

/** Summaries and lists of one account's events, over a small and a large store, measured in turns. */
export async function summaries(bench: Bench): Promise<Report> {
  const { rounds } = bench.sizes;
  const { small: smallCount, large: largeCount } = bench.sizes.summaries;
  const small = await storeOf(bench, smallCount);
  const large = await storeOf(bench, largeCount);
  const ofSmall: Answers = new Map(QUESTIONS.map((question) => [question, []]));
  const ofLarge: Answers = new Map(QUESTIONS.map((question) => [question, []]));
  for (let round = 0; round < rounds; round++) {
    await measure(bench, small, ofSmall);
    await measure(bench, large, ofLarge);
  }
  const compared = QUESTIONS.map((question) => ({
    question,
    small: medianSpread(ofSmall.get(question) ?? []),
    large: medianSpread(ofLarge.get(question) ?? []),
  }));
  return {
    title: 'Summaries and lists of one account',
    method:
      `On ${count(smallCount)} and on ${count(largeCount)} stored events with their roll-ups (SQLite, ` +
      `${megabytes(small.bytes)} and ${megabytes(large.bytes)}), evenly over 30 days. ${ALIKE_ACCOUNTS} accounts have ` +
      `${count(ofAlike(bench) / ALIKE_ACCOUNTS)} events each in both, so that only what is stored beside them differs; ` +
      `the largest account has nine tenths of the others, and its buckets are fuller in the large store. One ` +
      `connection; ${rounds} runs of each in turns, each in a new process that has warmed up on ${SMALL_ACCOUNTS} ` +
      `small accounts; medians of the runs. Uncached: the first question of a run for each of the ${ALIKE_ACCOUNTS} ` +
      `accounts, and for the largest. The others: ${count(bench.sizes.summaries.requests)} a run. Before each run ` +
      `summaries are compared with the events.`,
    tables: [
      {
        head: ['', 'small p50', 'small p99', 'large p50', 'large p99', 'p50 ratio'],
        rows: compared.map(({ question, small, large }) => [
          question.name,
          ms(small.p50),
          ms(small.p99),
          ms(large.p50),
          ms(large.p99),
          ratio(large.p50 / small.p50),
        ]),
      },
    ],
    aims: [...compared.filter(({ question }) => question.isBound).map(ratioAim), slowestAim(compared)],
  };
}

interface Compared {
  readonly question: Question;
  readonly small: Spread;
  readonly large: Spread;
}

function ratioAim({ question, small, large }: Compared): Report['aims'][number] {
  const measured = large.p50 / small.p50;
  return {
    id: `summaries_${question.id}`,
    aim: `${question.name}: p50 within ${MAX_RATIO} of each other`,
    measured: ratio(measured),
    isMet: measured <= MAX_RATIO && measured >= 1 / MAX_RATIO,
  };
}

/** Of all windows and accounts. */
function slowestAim(compared: readonly Compared[]): Report['aims'][number] {
  const uncached = compared.filter(({ question }) => question.id.startsWith('uncached'));
  const slowest = Math.max(...uncached.flatMap(({ small, large }) => [small.max, large.max]));
  return {
    id: 'summaries_uncached',
    aim: `uncached ≤ ${ms(MAX_UNCACHED_MS)}`,
    measured: `${ms(slowest)}, the slowest of a run`,
    isMet: slowest <= MAX_UNCACHED_MS,
  };
}

/** Half of the small store. */
function ofAlike({ sizes }: Bench): number {
  return sizes.summaries.small / 2;
}

interface Store {
  readonly name: string;
  readonly bytes: number;
}

/** A database of the service's own migrations, filled while it was not running. */
async function storeOf(bench: Bench, events: number): Promise<Store> {
  const name = `summaries-${events}`;
  const empty = await startService(bench, name);
  await empty.child.stop();
  fillWithTenantEvents(empty.databasePath, { count: events, ofAlike: ofAlike(bench) });
  return { name, bytes: statSync(empty.databasePath).size };
}

async function measure(bench: Bench, { name }: Store, answers: Answers): Promise<void> {
  const service = await startService(bench, name);
  await expectRightSummaries(service);
  const warmUp = Array.from({ length: SMALL_ACCOUNTS }, (_, index) => {
    const account = smallAccount(index);
    return [...WINDOWS.map((window) => summaryPath(account, window)), listPath(account)];
  });
  await ask(service, warmUp.flat());
  for (const [question, spreads] of answers) {
    const latenciesMs = await ask(service, question.requests(bench.sizes.summaries.requests));
    spreads.push(spreadOf(latenciesMs));
  }
  await service.child.stop();
}

/** Roll-ups that are no such as the service makes would be fast, and say nothing. */
async function expectRightSummaries({ url, databasePath }: Service): Promise<void> {
  for (const window of WINDOWS) {
    const account = smallAccount(0);
    const response = await fetch(`${url}${summaryPath(account, window)}`);
    const summary = (await response.json()) as SummaryAnswer;
    const stored = countSince(databasePath, account, Date.parse(summary.window_start));
    const isNamed = summary.top_users.every(({ user_id, count }) => user_id.startsWith('user-') && count > 0);
    if (response.status === 200 && summary.total === stored && isNamed) continue;
    throw new Error(
      `${stored} events of ${window} are stored, and the summary is ${JSON.stringify(summary)}`,
    );
  }
}

async function ask({ port }: Service, paths: readonly string[]): Promise<Float64Array> {
  const requests = listOf(paths.map((path) => repeatedGet(path, 1).at(0)));
  const result = await makeLoad({ ports: [port], connections: 1, requests });
  expectAll(200, result, paths[0] ?? 'nothing');
  return result.latenciesMs;
}
