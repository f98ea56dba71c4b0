import { readFileSync, writeFileSync } from 'node:fs';
import { join as inFolder } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { describeWith } from '../harness/servers';
import { startService, stopServices, type RunningService } from '../harness/service';
import { temporaryFolder } from '../harness/temporary-folder';
import { PASSWORD, startWithPeople } from '../people/people-service';
import { openPage, overflowing, startBrowser, type WatchedPage } from './browser';
import { pastEvent, recordAll, storeMonitors } from './scene';
import { fillObjectives } from './slo-scene';

/** As wide as an A4 sheet between margins of 14 mm, at 96 dots per inch. */
const SHEET = { width: 688, height: 1_017 };

/** Between a telephone and a large screen; 640 is 1,280 at 200 % zoom. */
const WIDTHS = [320, 640, 770, 900, 1_024, 1_160];

const OBJECTIVES = `
objectives:
  - { id: checkout, account: acme, name: Checkout is taken, kind: availability, routes: [POST /events], objective: 0.9999, window: 7d }
`;

const MINUTE_MS = 60_000;

describeWith({ chromium: true }, 'the console’s pages on service levels', () => {
  let browser: Browser;
  let service: RunningService;
  let file: string;
  let watched: WatchedPage | null = null;

  beforeAll(async () => {
    file = inFolder(temporaryFolder(), 'slos.yaml');
    writeFileSync(file, OBJECTIVES);
    service = await startService({
      SLOS_FILE: file,
      SLO_ALERTS: 'false',
      STATUS_PAGES: 'adyen=http://127.0.0.1:9/api/v2/summary.json',
      STATUS_POLL_CRON: '0 0 29 2 *',
    });
    await fillObjectives(service);
    const at = (minutesAgo: number): number => Date.now() - minutesAgo * MINUTE_MS;
    const ofVendor = { service: 'adyen', resolved_at: at(100), updated_at: at(100) };
    await recordAll(service, [
      pastEvent({ ...ofVendor, event_id: 'seen', summary: 'Payments fail', started_at: at(160) }),
      pastEvent({
        ...{ ...ofVendor, event_id: 'adyen_status:1', source: 'adyen_status', started_at: at(148) },
        ...{ summary: 'Declines at Adyen', description: 'A cable was cut.' },
      }),
    ]);
    browser = await startBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await stopServices();
  });
  afterEach(async () => {
    const faults = watched?.faults;
    await watched?.close();
    watched = null;
    expect(faults ?? []).toEqual([]);
  });

  const open = async (path: string, url = service.url): Promise<Page> => {
    watched = await openPage(browser, `${url}${path}`);
    return watched.page;
  };

  it('let an objective that is being missed be found, and the incident that spent its budget', async () => {
    const page = await open('/');
    await page.getByRole('link', { name: 'SLOs' }).click();
    const worst = page.getByRole('region', { name: 'Objectives' }).getByRole('listitem').first();
    await worst.getByText('Breached').waitFor();
    await worst.getByText(/^137 of [\d,]+ requests failed$/).waitFor();
    await worst.getByText(/min over$/).waitFor();
    await worst.getByText(/^overspent by \d+(\.\d)? % of 43\.2 min$/).waitFor();
    await page.getByText('In danger').click();
    await page.getByText('POST /events is quick (p95)').waitFor({ state: 'detached' });
    expect(new URL(page.url()).searchParams.get('show')).toBe('danger');

    await worst.getByRole('link', { name: 'POST /ingest/stripe is available' }).click();
    await page.getByText(/^100 % left on .*, overspent by .* now; it was never less\.$/).waitFor();
    const rules = page.getByRole('region', { name: 'Alerts by burn rate' });
    await rules.getByRole('row', { name: /6 × over 6h and 30m.*Above in both/ }).waitFor();
    await rules.getByRole('row', { name: /14\.4 × over 1h and 5m.*Not above/ }).waitFor();
    const fault = page.getByRole('region', { name: 'Whose fault' });
    await fault.getByRole('listitem').filter({ hasText: 'Our own fault' }).getByText('90 bad').waitFor();
    const incidents = page.getByRole('region', { name: 'Incidents' });
    await incidents.getByRole('row', { name: /Webhooks were refused Ours 90 65\.6 % of all bad/ }).waitFor();
    await incidents.getByRole('link', { name: 'Webhooks were refused' }).click();
    await page.getByText('What happened').waitFor();
    await page.getByRole('heading', { name: 'Webhooks were refused' }).waitFor();
  });

  it('let the report be read, printed and taken along', async () => {
    const page = await open('/console/report');
    await page.getByText('30 days', { exact: true }).click();
    await page.getByRole('heading', { name: 'Service levels, 30 days' }).waitFor();
    const missed = page.getByRole('row', { name: /Missed POST \/ingest\/stripe is available/ });
    await missed.getByText(/^137 of [\d,]+ bad; 0\.\d{4} points worse$/).waitFor();
    const incidents = page.getByRole('region', { name: 'Incidents' });
    await incidents.getByRole('row', { name: /Declines at Adyen A cable was cut\. A vendor’s/ }).waitFor();
    await incidents
      .getByRole('row', { name: /Events were refused no cause was written down Ours 34 min/ })
      .waitFor();
    const vendors = page.getByRole('region', { name: 'Vendors' });
    await vendors.getByText('1 told, 0 silent, 0 only on its page').waitFor();
    await vendors.getByRole('row', { name: /Told .* 12 min later/ }).waitFor();

    const [csv, markdown] = [await downloaded(page, 'CSV'), await downloaded(page, 'Markdown')];
    expect(csv.name).toBe('slo-30d.csv');
    expect(csv.text).toMatch(/^objective,stripe-availability,.*,missed,/m);
    expect(markdown.name).toBe('slo-30d.md');
    expect(markdown.text).toContain('# Service levels, 30d');

    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await page.setViewportSize(SHEET);
    await page.getByRole('navigation', { name: 'Pages' }).waitFor({ state: 'hidden' });
    await page.getByText('Print', { exact: true }).waitFor({ state: 'hidden' });
    // As a table, and not as on a telephone, where the head is out of sight.
    const head = await page.getByRole('columnheader', { name: 'Paged after' }).boundingBox();
    expect(head!.x).toBeGreaterThan(0);
    expect(await overflowing(page)).toEqual([]);
    expect(await page.evaluate('getComputedStyle(document.body).color')).toBe('rgb(24, 32, 41)');
    expect(await page.evaluate('getComputedStyle(document.documentElement).backgroundColor')).toBe(
      'rgb(255, 255, 255)',
    );
  });

  it('show an account what it was promised, and teach it where that is nothing', async () => {
    const page = await open('/console/slos?account=acme');
    await page.getByRole('link', { name: 'Checkout is taken' }).click();
    await page.getByText('Promised: at least 99.99 % of requests to POST /events are answered').waitFor();
    await page.getByText('Nothing was counted yet').waitFor();
    expect(await page.getByText('Cannot be told').count()).toBe(2);
    await page.goto(`${service.url}/console/slos?account=globex`);
    await page.getByText('Nothing is promised to globex yet').waitFor();
    await page.getByText('account: globex').waitFor();
  });

  it('show a person of an account that account alone', async () => {
    const { service: guarded, join } = await startWithPeople({ SLOS_FILE: file });
    await join('acme', 'ada@acme.example', 'viewer');
    const page = await open('/console/slos', guarded.url);
    await page.getByLabel('E-mail address').fill('ada@acme.example');
    await page.locator('input[type=password]').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'Checkout is taken' }).waitFor();
    expect(await page.getByRole('region', { name: 'Objectives' }).getByRole('listitem').count()).toBe(1);
    await page.getByRole('link', { name: 'Read the report' }).click();
    await page.getByText('the account acme').waitFor();
    await page.getByText('There was no critical incident in 7 days.').waitFor();
    expect(await page.getByRole('region', { name: 'Vendors' }).count()).toBe(0);
  });

  it.each(['/console/slos', '/console/slo?id=stripe-availability', '/console/report?window=30d'])(
    'fit into windows of every width: %s',
    async (path) => {
      const page = await open(path);
      await page.getByText('POST /ingest/stripe').first().waitFor();
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 700 });
        expect({ width, overflowing: await overflowing(page) }).toEqual({ width, overflowing: [] });
      }
    },
  );

  it('show few of many at a time', async () => {
    await storeMonitors(service, 'fleet', 520);
    const page = await open('/console/slos?account=fleet');
    await page.getByText('1 to 50 of 520, the worst first').waitFor();
    const region = page.getByRole('region', { name: 'Objectives' });
    expect(await region.getByRole('listitem').count()).toBe(50);
    await page.getByRole('button', { name: 'Better ones' }).click();
    await page.getByText('51 to 100 of 520, the worst first').waitFor();
    await page.getByRole('textbox', { name: 'Search' }).fill('Monitor 432');
    await region.getByRole('link', { name: 'Monitor 432 is up' }).waitFor();
    expect(await region.getByRole('listitem').count()).toBe(1);
  });
});

/** What a button has the browser keep. */
async function downloaded(page: Page, button: string): Promise<{ name: string; text: string }> {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button }).click(),
  ]);
  return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') };
}
