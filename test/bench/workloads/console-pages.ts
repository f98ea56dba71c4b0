import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { Bench } from '../bench';
import { fillWithFleet } from '../documents/stored-fleet';
import { fillWithEvents } from '../documents/stored-events';
import { startService, type Service } from '../processes/service';
import { count, ms, type Report } from '../report/report';
import { spreadOf, type Spread } from '../statistics';

const MAX_FIRST_CONTENT_MS = 1_000;
const MAX_ROWS = 100;
const MAX_BYTES = 300_000;

/** Where Linux distributions put it. */
const CHROMIUM_PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser'];

/** So long a page is given to draw the rest. */
const SETTLE_MS = 300;

const ROWS = '.event-row, table.list tbody tr, .service';

/** A page of the console, and what is in it as soon as its data is. */
interface Looked {
  readonly name: string;
  readonly path: string;
  readonly content: string;
}

/** What every page of this console costs at least: it asks the service for nothing but who looks. */
const BARE: Looked = { name: 'a page without data', path: '/console/nowhere', content: '.empty h3' };

const PAGES: readonly Looked[] = [
  { name: 'Now', path: '/', content: '.service' },
  { name: 'Events', path: '/console/events', content: '.event-row' },
  { name: 'Events, open', path: '/console/events?open=true', content: '.event-row' },
  { name: 'Deliveries', path: '/console/deliveries', content: 'table.list tbody tr' },
  { name: 'Sources', path: '/console/sources', content: '.facts' },
  { name: 'Monitors', path: '/console/monitors', content: '.monitor-row' },
  {
    name: 'A monitor',
    path: '/console/monitor?of=default&id=m000000000000042',
    content: '.tiles',
  },
  { name: 'An account', path: '/console/accounts?account=default', content: '.bar' },
];

interface Load {
  readonly firstContentMs: number;
  readonly rows: number;
  /** Of the page and its files, as they are sent. */
  readonly fileBytes: number;
}

/** Cold loads of the console's pages in a browser, over many events and monitors. */
export async function consolePages(bench: Bench): Promise<Report> {
  const { events, monitors, loads } = bench.sizes.console;
  const executablePath = CHROMIUM_PATHS.find((path) => existsSync(path));
  if (executablePath === undefined) throw new Error(`there is no Chromium at ${CHROMIUM_PATHS.join(' or ')}`);
  const service = await storeOf(bench);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  const found = new Map<Looked, Load[]>([BARE, ...PAGES].map((page) => [page, []]));
  // One turn more than is counted: the browser and the service have just begun.
  for (let turn = 0; turn <= loads; turn++) {
    for (const [page, results] of found) {
      const load = await loadCold(browser, service, page);
      if (turn > 0) results.push(load);
    }
  }
  await browser.close();
  await service.child.stop();
  const measured = [...found].map(([page, results]) => ({
    page,
    firstContent: spreadOf(results.map(({ firstContentMs }) => firstContentMs)),
    rows: Math.max(...results.map(({ rows }) => rows)),
    fileBytes: Math.max(...results.map(({ fileBytes }) => fileBytes)),
  }));
  return {
    title: 'The console',
    method:
      `Pages in Chromium beside the service, on ${count(events)} stored events (SQLite), a delivery of each critical ` +
      `one, and ${count(monitors)} monitors of as many services. From the start of the navigation until the first row ` +
      `or number of the page is there, each time in a browser that has nothing cached; ${loads} loads of each page in ` +
      `turns after one that does not count. The first line is a page that needs no data of the same server.`,
    tables: [
      {
        head: ['page', 'first content, median', 'worst', 'without data', 'rows', 'files'],
        rows: measured.map(({ page, firstContent, rows, fileBytes }) => [
          page.name,
          ms(firstContent.p50),
          ms(firstContent.max),
          `+ ${ms(firstContent.p50 - measured[0]!.firstContent.p50)}`,
          String(rows),
          `${Math.round(fileBytes / 1_000)} KB`,
        ]),
      },
    ],
    aims: [
      slowestAim(measured.slice(1)),
      {
        id: 'console_rows',
        aim: `at most ${MAX_ROWS} rows at a time`,
        measured: String(Math.max(...measured.map(({ rows }) => rows))),
        isMet: measured.every(({ rows }) => rows <= MAX_ROWS),
      },
      {
        id: 'console_bytes',
        aim: `first load of Now < ${MAX_BYTES / 1_000} KB`,
        measured: `${Math.round(measured[1]!.fileBytes / 1_000)} KB`,
        isMet: measured[1]!.fileBytes < MAX_BYTES,
      },
    ],
  };
}

interface Measured {
  readonly page: Looked;
  readonly firstContent: Spread;
}

function slowestAim(measured: readonly Measured[]): Report['aims'][number] {
  const slowest = measured.reduce((a, b) => (a.firstContent.p50 > b.firstContent.p50 ? a : b));
  return {
    id: 'console_first_content',
    aim: `first content of every page: median ≤ ${ms(MAX_FIRST_CONTENT_MS)}`,
    measured: `${ms(slowest.firstContent.p50)} (${slowest.page.name})`,
    isMet: slowest.firstContent.p50 <= MAX_FIRST_CONTENT_MS,
  };
}

/** A service on a database of its own migrations, filled while it was not running. */
async function storeOf(bench: Bench): Promise<Service> {
  const { events, monitors } = bench.sizes.console;
  const empty = await startService(bench, 'console');
  const response = await fetch(`${empty.url}/monitors`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Monitor 0', url: 'https://api.example.com/health', paused: true }),
  });
  if (response.status !== 201) throw new Error(`POST /monitors answered ${response.status}`);
  await empty.child.stop();
  fillWithEvents(empty.databasePath, events);
  fillWithFleet(empty.databasePath, { monitors });
  return startService(bench, 'console', { STATUS_POLL_CRON: '0 0 1 1 *' });
}

async function loadCold(browser: Browser, { url }: Service, { path, content }: Looked): Promise<Load> {
  const context = await browser.newContext({ viewport: { width: 1_280, height: 900 } });
  try {
    const page = await context.newPage();
    await page.addInitScript(watchFor(content));
    await page.goto(`${url}${path}`, { waitUntil: 'commit' });
    await page.locator(content).first().waitFor();
    // What is drawn after that counts among the rows.
    await page.waitForTimeout(SETTLE_MS);
    return {
      firstContentMs: await page.evaluate<number>('globalThis.firstContentMs'),
      rows: await page.locator(ROWS).count(),
      fileBytes: await fileBytes(page),
    };
  } finally {
    await context.close();
  }
}

/** Notes when something first fits a selector, in milliseconds since the navigation began; run by the browser. */
function watchFor(selector: string): string {
  return `new MutationObserver((_changes, observer) => {
    if (document.querySelector(${JSON.stringify(selector)}) === null) return;
    observer.disconnect();
    requestAnimationFrame(() => { globalThis.firstContentMs = performance.now(); });
  }).observe(document, { childList: true, subtree: true })`;
}

function fileBytes(page: Page): Promise<number> {
  return page.evaluate<number>(`[
    ...performance.getEntriesByType('navigation'),
    ...performance.getEntriesByType('resource').filter(({ name }) => new URL(name).pathname.startsWith('/console/')),
  ].reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`);
}
