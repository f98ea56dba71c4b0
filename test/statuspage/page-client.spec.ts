import { Logger } from '@nestjs/common';
import { Settings } from '../../src/config/settings';
import { CircuitBreakers } from '../../src/reliability/circuit-breakers';
import { PageClient, type SummaryAnswer, type Validators } from '../../src/statuspage/page-client';
import { PageEffort } from '../../src/statuspage/page-effort';
import { PageFailure } from '../../src/statuspage/page-failure';
import { eventually } from '../harness/eventually';
import { gzipped, PageServer, redirectTo, withEtag, type Answer } from './page-server';

const SUMMARY = { page: { id: 'p1' }, incidents: [{ id: 'i1', name: 'Slow 🐌' }], components: [] };
const READ = { incidents: SUMMARY.incidents, maintenances: [], components: [] };
const NONE: Validators = { etag: null, last_modified: null };

/** Longer than an effort and the next take on a busy machine. */
const RESET_MS = 1_000;

let server: PageServer;
let breakers: CircuitBreakers;
let client: PageClient;
let effort: PageEffort;

beforeAll(() => {
  Logger.overrideLogger(false);
});

beforeEach(async () => {
  server = await PageServer.start();
  start();
});

afterEach(async () => {
  await stop();
  await server.close();
});

function start(changes: Readonly<Record<string, string>> = {}): void {
  const settings = Settings.load({
    NODE_ENV: 'test',
    BREAKER_RESET_MS: String(RESET_MS),
    PAGE_TIMEOUT_MS: '5000',
    PAGE_MAX_BYTES: '10000',
    ...changes,
  });
  breakers = new CircuitBreakers(settings);
  client = new PageClient(settings, breakers);
  effort = new PageEffort(settings.PAGE_TIMEOUT_MS, new AbortController().signal);
}

async function stop(): Promise<void> {
  await client.onApplicationShutdown();
  breakers.onApplicationShutdown();
}

function read(validators: Validators = NONE): Promise<SummaryAnswer> {
  return client.readSummary('acme', server.summaryUrl('acme'), validators, effort);
}

async function failure(reading: Promise<unknown> = read()): Promise<PageFailure> {
  const error = await reading.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof PageFailure)) throw new Error('expected a PageFailure', { cause: error });
  return error;
}

describe('a status page', () => {
  it('is asked as a polite client asks', async () => {
    server.serveSummary('acme', { body: SUMMARY });
    await read();
    expect(server.requests[0]?.headers).toMatchObject({
      accept: 'application/json',
      'accept-encoding': 'gzip',
      'user-agent': expect.stringMatching(/^Signalbox\/\d+\.\d+\.\d+$/) as string,
    });
    expect(server.requests[0]?.headers).not.toHaveProperty('if-none-match');
  });

  it('is not sent again while its validators hold', async () => {
    server.serveSummary('acme', withEtag(SUMMARY, 'W/"1"'));
    const first = await read();
    expect(first).toEqual({ summary: READ, validators: { etag: 'W/"1"', last_modified: null } });
    expect(await read(first.validators)).toEqual({ summary: 'unchanged', validators: first.validators });
  });

  it('is asked for changes since it was last modified', async () => {
    const last_modified = 'Sat, 01 Mar 2031 12:00:00 GMT';
    server.serveSummary('acme', { body: SUMMARY, headers: { 'last-modified': last_modified } });
    const { validators } = await read();
    await read(validators);
    expect(server.requests[1]?.headers['if-modified-since']).toBe(last_modified);
  });

  it.each<[fact: string, answer: Answer | (() => Answer)]>([
    ['compressed', gzipped(SUMMARY) as () => Answer],
    [
      'under another content type',
      { body: JSON.stringify(SUMMARY), headers: { 'content-type': 'text/plain' } },
    ],
    ['with a byte order mark', { body: `\uFEFF${JSON.stringify(SUMMARY)}` }],
    ['with a broken etag that is not kept', { body: SUMMARY, headers: { etag: '"ü"' } }],
  ])('can be read %s', async (_fact, answer) => {
    server.serveSummary('acme', answer);
    expect(await read()).toEqual({ summary: READ, validators: NONE });
  });

  it('can be read although bytes of it are no UTF-8', async () => {
    const text = JSON.stringify({ ...SUMMARY, incidents: [{ id: 'i1', name: 'Slow' }] });
    server.serveSummary('acme', { body: Buffer.from(text.replace('Slow', 'Sl\xf6w'), 'latin1') });
    expect((await read()).summary).toMatchObject({ incidents: [{ name: 'Sl\uFFFDw' }] });
  });

  it('is followed over three redirects', async () => {
    server.serveSummary('acme', redirectTo('/1', 301));
    server.serve('/1', redirectTo('/2', 302));
    server.serve('/2', redirectTo(`${server.origin}/3`, 308));
    server.serve('/3', { body: SUMMARY });
    expect((await read()).summary).toEqual(READ);
  });

  it.each<[fact: string, answer: Answer, code: string]>([
    [
      'HTML with 200',
      { body: '<!doctype html><p>We moved', headers: { 'content-type': 'text/html' } },
      'not_json',
    ],
    ['nothing with 204', { status: 204 }, 'not_json'],
    ['an empty object', { body: {} }, 'not_a_summary'],
    ["another vendor's document", { body: { ongoing_incidents: [], page_title: 'Acme' } }, 'not_a_summary'],
    ['an item without id', { body: { ...SUMMARY, incidents: [{ name: 'x' }] } }, 'item_without_id'],
    ['endless nesting', { body: '['.repeat(5_000) }, 'too_deep'],
    ['too much', { body: { ...SUMMARY, padding: 'x'.repeat(10_000) } }, 'too_large'],
    ['304 without having been asked for changes', { status: 304 }, 'http_3xx'],
    ['several choices', { status: 300 }, 'http_3xx'],
    ['a redirect to nowhere', { status: 302 }, 'bad_redirect'],
    ['redirects to itself', redirectTo('/acme/api/v2/summary.json'), 'too_many_redirects'],
    ['401', { status: 401 }, 'http_4xx'],
    ['404', { status: 404 }, 'http_4xx'],
    ['429', { status: 429 }, 'http_429'],
    ['a broken encoding', { body: 'x', headers: { 'content-encoding': 'gzip' } }, 'bad_encoding'],
  ])(
    'that answers with %s fails at the first attempt, and its breaker is not moved',
    async (_fact, answer, code) => {
      server.serveSummary('acme', answer);
      const { isSick, message, ...rest } = await failure();
      expect({ code: rest.code, isSick }).toEqual({ code, isSick: false });
      expect(message).toMatch(/\. [A-Z].+\.$/);
      expect(effort.attempts).toBe(1);
    },
  );

  it('that redirects to a login fails as what is found there', async () => {
    server.serveSummary('acme', redirectTo('/login'));
    server.serve('/login', { body: '<html>', headers: { 'content-type': 'text/html' } });
    expect(await failure()).toMatchObject({
      code: 'not_json',
      status: 200,
      message: expect.stringContaining(`${server.origin}/login answered with text/html`) as string,
    });
  });

  it.each<[fact: string, answer: Answer]>([
    ['500', { status: 500 }],
    ['503 without Retry-After', { status: 503 }],
    ['a broken connection', { instead: 'reset' }],
  ])('that answers with %s is asked again', async (_fact, answer) => {
    server.serveSummary('acme', answer, answer, { body: SUMMARY });
    expect((await read()).summary).toEqual(READ);
    expect(effort.attempts).toBe(3);
  });

  it('that hangs once is asked again within its time', async () => {
    await stop();
    start({ PAGE_TIMEOUT_MS: '2000' });
    server.serveSummary('acme', { instead: 'hang' }, { body: SUMMARY });
    expect((await read()).summary).toEqual(READ);
  });

  it('is asked three times at most', async () => {
    server.serveSummary('acme', { status: 502 });
    expect(await failure()).toMatchObject({ code: 'http_5xx', status: 502 });
    expect(server.requests).toHaveLength(3);
  });

  it('that always hangs fails by its timeout', async () => {
    await stop();
    start({ PAGE_TIMEOUT_MS: '100' });
    server.serveSummary('acme', { instead: 'hang' });
    expect(await failure()).toMatchObject({ code: 'timeout' });
  });

  it('whose port is closed is refused', async () => {
    const url = server.summaryUrl('acme');
    await server.close();
    expect(await failure(client.readSummary('acme', url, NONE, effort))).toMatchObject({ code: 'refused' });
    server = await PageServer.start();
  });

  it.each([429, 503])('that says when to come back with %s is taken at its word', async (status) => {
    server.serveSummary('acme', { status, headers: { 'retry-after': '120' } });
    const before = Date.now();
    const { retryAt } = await failure();
    expect(retryAt).toBeGreaterThanOrEqual(before + 120_000);
    expect(retryAt).toBeLessThanOrEqual(Date.now() + 120_000);
    expect(server.requests).toHaveLength(1);
  });

  it('is left alone after three failed efforts, until one request is let through', async () => {
    server.serveSummary('acme', { status: 500 });
    for (let n = 0; n < 3; n++) expect((await failure()).code).toBe('http_5xx');
    expect(server.requests).toHaveLength(9);
    expect((await failure()).code).toBe('breaker_open');
    expect(server.requests).toHaveLength(9);
    expect(breakers.snapshot()).toMatchObject([{ name: 'page:acme', state: 'open' }]);

    const isHalfOpen = (): void => expect(breakers.snapshot()).toMatchObject([{ state: 'half_open' }]);
    await eventually(isHalfOpen);
    expect((await failure()).code).toBe('http_5xx');
    expect(server.requests).toHaveLength(10);
    server.serveSummary('acme', { body: SUMMARY });
    await eventually(isHalfOpen);
    expect((await read()).summary).toEqual(READ);
    expect(breakers.snapshot()).toMatchObject([{ state: 'closed' }]);
  });

  it('does not touch the breaker of another', async () => {
    server.serveSummary('acme', { status: 500 });
    server.serveSummary('other', { body: SUMMARY });
    for (let n = 0; n < 3; n++) await failure();
    const other = await client.readSummary('other', server.summaryUrl('other'), NONE, effort);
    expect(other.summary).toEqual(READ);
  });

  it('is given up when the poll is stopped', async () => {
    const stopping = new AbortController();
    effort = new PageEffort(5_000, stopping.signal);
    server.serveSummary('acme', { instead: 'hang' });
    const reading = failure();
    stopping.abort();
    expect(await reading).toMatchObject({ code: 'aborted', isSick: false });
  });

  it('is given up when the poll is stopped between two attempts', async () => {
    const stopping = new AbortController();
    effort = new PageEffort(5_000, stopping.signal);
    server.serveSummary('acme', () => {
      setImmediate(() => stopping.abort());
      return { status: 500 };
    });
    expect(await failure()).toMatchObject({ code: 'aborted' });
  });
});

describe('the incidents document', () => {
  it('stands beside the summary, without its query', async () => {
    server.serveIncidents('acme', { body: { incidents: [{ id: 'i1' }] } });
    const incidents = await client.readIncidents(`${server.summaryUrl('acme')}?utm=1#top`, effort);
    expect(incidents.get('i1')).toEqual({ id: 'i1' });
    expect(server.incidentsRequests('acme')).toHaveLength(1);
  });

  it('is asked for again where the page is sick, and fails without moving the breaker', async () => {
    server.serveIncidents('acme', { status: 500 });
    for (let n = 0; n < 3; n++) {
      expect(await failure(client.readIncidents(server.summaryUrl('acme'), effort))).toMatchObject({
        code: 'http_5xx',
      });
    }
    server.serveSummary('acme', { body: SUMMARY });
    expect((await read()).summary).toEqual(READ);
    expect(server.incidentsRequests('acme')).toHaveLength(9);
  });

  it.each<[answer: Answer, code: string]>([
    [{ status: 404 }, 'http_4xx'],
    [{ body: '<html>' }, 'not_json'],
    [{ body: { page: { id: 'p' } } }, 'not_incidents'],
    [{ status: 304 }, 'http_3xx'],
  ])('is not read from %j', async (answer, code) => {
    server.serveIncidents('acme', answer);
    expect(await failure(client.readIncidents(server.summaryUrl('acme'), effort))).toMatchObject({ code });
  });
});
