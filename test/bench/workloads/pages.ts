import type { Bench } from '../bench';
import { startLocalServer, type LocalServer } from '../processes/local-server';
import { startService, type Service } from '../processes/service';
import type { Answers } from '../processes/status-pages';
import { count, megabytes, ms, type Report } from '../report/report';
import { median } from '../statistics';

/** One poll of all pages. */
interface Poll {
  readonly durationMs: number;
  readonly peakBytes: number;
}

interface Round {
  readonly idleBytes: number;
  readonly first: Poll;
  readonly second: Poll;
}

interface PullAnswer {
  readonly fetched: Readonly<Record<string, number>>;
  readonly stored: number;
  readonly errors?: readonly unknown[];
}

/** Many status pages in one cycle: first all are new, then all are unchanged. */
export async function pages(bench: Bench): Promise<Report> {
  const { rounds } = bench.sizes;
  const pageCount = bench.sizes.pages.count;
  const server = await startLocalServer('status-pages', [String(pageCount)]);
  const measured: Round[] = [];
  for (let round = 0; round < rounds; round++) measured.push(await measure(bench, server, round));
  await server.child.stop();

  const of = (value: (round: Round) => number): number => median(measured.map(value));
  return {
    title: 'Status pages',
    method:
      `${count(pageCount)} pages of 30 components (about 15 KB, gzip, ETag) on a local server in a process of its ` +
      `own, polled in one cycle by \`POST /ingest/pull-status\`; ${rounds} runs, each on a new database; medians. ` +
      `The peak is that of the process since its start.`,
    tables: [
      {
        head: ['cycle', 'time', 'pages/s', 'peak memory'],
        rows: [
          ['before the first', '', '', megabytes(of((round) => round.idleBytes))],
          row(
            'every page answers 200',
            pageCount,
            of((round) => round.first.durationMs),
            of((round) => round.first.peakBytes),
          ),
          row(
            'every page answers 304',
            pageCount,
            of((round) => round.second.durationMs),
            of((round) => round.second.peakBytes),
          ),
        ],
      },
    ],
    aims: [],
  };
}

async function measure(bench: Bench, server: LocalServer, round: number): Promise<Round> {
  const pageCount = bench.sizes.pages.count;
  const urls = Array.from({ length: pageCount }, (_, page) => {
    return `vendor${page}=${server.url}/${page}/api/v2/summary.json`;
  });
  const service = await startService(bench, `pages-${round}`, {
    STATUS_PAGES: urls.join(','),
    // Only the polls that are asked for: the schedule would come but once a year.
    STATUS_POLL_CRON: '0 0 1 1 *',
    REQUEST_TIMEOUT_MS: '120000',
  });
  const idleBytes = service.child.residentBytes;
  const before = await answersOf(server);
  const first = await poll(service, pageCount);
  const between = await answersOf(server);
  const second = await poll(service, pageCount);
  const after = await answersOf(server);
  await service.child.stop();
  expectAnswers('200', pageCount, before, between);
  expectAnswers('304', pageCount, between, after);
  return { idleBytes, first, second };
}

async function poll({ child, url }: Service, pageCount: number): Promise<Poll> {
  const startedAt = performance.now();
  const response = await fetch(`${url}/ingest/pull-status`, { method: 'POST' });
  const answer = (await response.json()) as PullAnswer;
  const durationMs = performance.now() - startedAt;
  const read = Object.keys(answer.fetched ?? {}).length;
  if (response.status !== 200 || read !== pageCount || answer.errors !== undefined) {
    throw new Error(`a poll read ${read} of ${pageCount} pages, and answered ${response.status}`);
  }
  return { durationMs, peakBytes: child.peakResidentBytes };
}

async function answersOf({ url }: LocalServer): Promise<Answers> {
  return (await (await fetch(`${url}/answers`)).json()) as Answers;
}

function expectAnswers(status: '200' | '304', pageCount: number, before: Answers, after: Answers): void {
  const given = after[status] - before[status];
  if (given !== pageCount) throw new Error(`the pages answered ${status} ${given} times, not ${pageCount}`);
}

function row(name: string, pageCount: number, durationMs: number, peakBytes: number): string[] {
  return [name, ms(durationMs), count(pageCount / (durationMs / 1_000)), megabytes(peakBytes)];
}
