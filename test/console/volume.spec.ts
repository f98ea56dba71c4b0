import type { Browser, Page } from 'playwright-core';
import { Database } from '../../src/database/database';
import { eventually } from '../harness/eventually';
import { FakeDestination } from '../harness/fake-destination';
import { describeWith } from '../harness/servers';
import { startService, stopServices, type RunningService } from '../harness/service';
import { openPage, startBrowser, type WatchedPage } from './browser';
import { pastEvent, recordAll, storeMonitors } from './scene';
import { StreamReader } from '../events/stream-reader';

/** As many rows as may be in the page at a time. */
const MOST_ROWS = 100;

/** Rows of lists and tables, and the services of Now. */
const ROWS = '.event-row, table.list tbody tr, .service';

/** Of an event, in pixels. */
const ROW_HEIGHT = 52;

/** So many streams one account may have. */
const STREAMS = 100;

describeWith({ chromium: true }, 'a console with much to show', () => {
  let browser: Browser;
  let service: RunningService;
  let destination: FakeDestination;
  let watched: WatchedPage | null = null;

  beforeAll(async () => {
    destination = await FakeDestination.start();
    service = await startService({ PAGERDUTY_EVENTS_URL: destination.url });
    await storeMonitors(service, 'default', 5_000);
    const incidents = Array.from({ length: 300 }, (_, index) =>
      pastEvent({ event_id: `many-${index}`, service: `service-${index}`, summary: `Outage ${index}` }),
    );
    await recordAll(service, incidents);
    await makeMore(service, 20_000);
    browser = await startBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await stopServices();
    await destination?.stop();
  });
  afterEach(async () => {
    const faults = watched?.faults;
    await watched?.close();
    watched = null;
    expect(faults ?? []).toEqual([]);
  });

  const open = async (path: string): Promise<Page> => {
    watched = await openPage(browser, `${service.url}${path}`);
    return watched.page;
  };
  const expectFewRows = async (page: Page): Promise<void> => {
    const count = await page.locator(ROWS).count();
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThanOrEqual(MOST_ROWS);
  };

  it('shows few services and open events of many, page by page', async () => {
    const page = await open('/');
    await page.getByText('1 to 50 of 200, worst first').waitFor();
    await page.getByRole('button', { name: /^Show \d+ more$/ }).click();
    await expectFewRows(page);
    await page.getByRole('button', { name: 'Better' }).click();
    await page.getByText('51 to 100 of 200, worst first').waitFor();
    await expectFewRows(page);
  });

  it('renders few events, however far one scrolls', async () => {
    const page = await open('/console/events');
    await page.locator('[data-index="0"]').waitFor();
    for (let screen = 1; screen <= 5; screen++) {
      // More is loaded as the end comes near, and one cannot scroll further than that.
      await eventually(async () => {
        await page.evaluate(`document.querySelector('.virtual').scrollTo(0, ${screen * 4_000})`);
        const index = Math.ceil((screen * 4_000) / ROW_HEIGHT);
        expect(await page.locator(`[data-index="${index}"]`).count()).toBe(1);
      });
      await expectFewRows(page);
    }
  });

  it('goes through deliveries page by page, and back', async () => {
    const page = await open('/console/deliveries');
    await page.getByRole('link', { name: 'many-299' }).waitFor();
    await expectFewRows(page);
    await page.getByRole('button', { name: 'Older' }).click();
    await page.getByRole('link', { name: 'many-249' }).waitFor();
    await expectFewRows(page);
    await page.getByRole('button', { name: 'Newer' }).click();
    await page.getByRole('link', { name: 'many-299' }).waitFor();
  });

  it('renders few of 5,000 monitors, the worst first', async () => {
    const page = await open('/console/monitors');
    await page.getByText('1 down, 4999 up').waitFor();
    await page.locator('.monitor-row').first().getByText('Down').waitFor();
    await expectFewRows(page);
    await page.getByRole('textbox', { name: 'Search' }).fill('Monitor 4321');
    await page.getByRole('link', { name: /Monitor 4321/ }).waitFor();
    expect(await page.locator('.monitor-row').count()).toBe(1);
  });

  it('asks from time to time where it may have no stream, and shows what is new all the same', async () => {
    const streams = await Promise.all(Array.from({ length: STREAMS }, () => StreamReader.open(service.url)));
    // Another page first: the clock has to be there before the console is.
    const page = await open('/console/nowhere');
    await page.clock.install();
    await page.goto(service.url);
    await page.getByText('Every 10 s', { exact: true }).waitFor();
    await recordAll(service, [pastEvent({ event_id: 'polled', summary: 'Seen without a stream' })]);
    await page.clock.runFor(11_000);
    await page.getByRole('link', { name: 'Seen without a stream' }).waitFor();
    for (const stream of streams) stream.close();
    await page.clock.runFor(40_000);
    await page.getByText('Live', { exact: true }).waitFor();
    const { faults } = watched!;
    // Browsers note that the stream was refused.
    expect(faults.splice(0).filter((fault) => !fault.includes('503'))).toEqual([]);
  });
});

/** Copies an event of the account, so that there are so many more of them, all over and older than the others. */
async function makeMore(service: RunningService, count: number): Promise<void> {
  await service.app.get(Database).write(async (tx) => {
    const columns: { names: string }[] = await tx.query(
      `SELECT group_concat(name) AS names FROM pragma_table_info('events')
       WHERE name NOT IN ('event_id', 'resolved_at', 'received_at')`,
    );
    const names = columns[0]!.names;
    await tx.query(
      `WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < ${count})
       INSERT INTO events (event_id, resolved_at, received_at, ${names})
       SELECT 'copy-' || number, received_at, received_at - number * 1000, ${names}
       FROM numbers CROSS JOIN (SELECT * FROM events WHERE event_id = 'many-0')`,
    );
  });
}
