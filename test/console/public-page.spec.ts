import type { Browser, Page } from 'playwright-core';
import { stopServices, startService, type RunningService } from '../harness/service';
import { describeWith } from '../harness/servers';
import { PublicStatuses } from '../../src/public-pages/public-statuses';
import { axeViolations, openPage, overflowing, startBrowser, type WatchedPage } from './browser';
import { pastEvent, recordAll } from './scene';

/** Reads a text as XML, strictly; a text, because it is run by the browser. */
const READ_XML = `async (path) => {
  const response = await fetch(path, { cache: 'no-store' });
  const read = new DOMParser().parseFromString(await response.text(), 'application/xml');
  const texts = (name) => [...read.querySelectorAll(name)].map((element) => element.textContent);
  return {
    fault: read.querySelector('parsererror')?.textContent ?? null,
    root: read.documentElement.nodeName,
    titles: texts('title'),
    guids: texts('guid'),
    dates: texts('pubDate'),
  };
}`;

interface ReadXml {
  readonly fault: string | null;
  readonly root: string;
  readonly titles: readonly string[];
  readonly guids: readonly string[];
  readonly dates: readonly string[];
}

const HOSTILE = `<script>window.harmed = true</script>]]>&"'\u202E\u0007\uFFFE ${'a'.repeat(100_000)}`;

describeWith({ chromium: true }, 'a public page, from the console to the visitor', () => {
  let browser: Browser;
  let service: RunningService;
  let watched: WatchedPage;

  beforeAll(async () => {
    service = await startService();
    browser = await startBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await stopServices();
  });
  afterEach(async () => {
    const { faults } = watched;
    await watched.close();
    expect(faults).toEqual([]);
  });

  const open = async (path: string): Promise<Page> => {
    watched = await openPage(browser, `${service.url}${path}`);
    return watched.page;
  };
  const readXml = (page: Page, path: string): Promise<ReadXml> =>
    page.evaluate<ReadXml>(`(${READ_XML})(${JSON.stringify(path)})`);

  it('is made with the services that are chosen, shown to everybody, and removed', async () => {
    await recordAll(service, [
      pastEvent({ event_id: 'p1', service: 'psp-internal', summary: 'Cards fail', severity: 'warning' }),
      pastEvent({ event_id: 'p2', service: 'not-for-all', summary: 'Not for everybody' }),
    ]);
    const page = await open('/console/accounts?account=default');
    await page.getByText('Nothing is public').waitFor();
    await page.getByRole('button', { name: 'Make one' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Title').fill('Acme Shop');
    await form.getByRole('textbox', { name: 'Address' }).fill('shop');
    await form
      .getByRole('button', { name: 'Save, shown to nobody' })
      .and(page.locator(':disabled'))
      .waitFor();
    await form.getByLabel('psp-internal', { exact: true }).check();
    await form.getByLabel('Public name of psp-internal').fill('Card payments');
    await form.getByRole('button', { name: 'Save, shown to nobody' }).click();
    await page.getByRole('link', { name: 'preview' }).click();
    await page.getByText('This is a preview').waitFor();
    expect((await service.client.get('/status/shop')).status).toBe(404);
    await page.goBack();
    await page.getByRole('button', { name: 'Change', exact: true }).click();
    await form.getByRole('switch', { name: 'Everybody may see the page' }).check();
    expect(await axeViolations(page)).toEqual([]);
    await form.getByRole('button', { name: 'Save and show' }).click();
    await page.getByText('by service, severity and time alone').waitFor();
    await page.getByRole('link', { name: `${service.url}/status/shop` }).click();
    await page.getByRole('heading', { name: 'Some services are degraded' }).waitFor();
    const text = await page.locator('body').innerText();
    expect(text).toContain('Card payments');
    expect(text).not.toMatch(/psp-internal|not-for-all|Cards fail|Not for everybody/);
    expect(await page.title()).toBe('Some services are degraded · Acme Shop');
    await page.goBack();
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('Nothing is public').waitFor();
    expect((await service.client.get('/status/shop')).status).toBe(404);
  });

  it('is XML that is well-formed, whatever is told, and does no harm', async () => {
    const services = [
      { service: 'hostile', name: `</text>"&'<b> شبكة` },
      { service: 'long', name: 'W'.repeat(80) },
    ];
    const page = { slug: 'hostile', title: `<i>"&'`, enabled: true, show_summaries: true, services };
    await service.client.post('/accounts/default/public-page', page, {}, 'PUT');
    const at = Date.now();
    await recordAll(service, [
      pastEvent({ event_id: 'x1', service: 'hostile', summary: HOSTILE }),
      pastEvent({ event_id: 'x2', service: 'hostile', summary: HOSTILE, resolved_at: at, updated_at: at }),
    ]);
    service.app.get(PublicStatuses, { strict: false }).forget('hostile');
    const shown = await open('/status/hostile');
    await shown.getByText('<script>').first().waitFor();
    expect(await shown.evaluate('window.harmed')).toBeUndefined();
    for (const width of [1_280, 360]) {
      await shown.setViewportSize({ width, height: 800 });
      expect([width, ...(await overflowing(shown)), ...(await axeViolations(shown))]).toEqual([width]);
    }
    // The page itself may ask for nothing: the console's may.
    await shown.goto(`${service.url}/console`);
    const feed = await readXml(shown, '/status/hostile/feed.rss');
    expect(feed).toMatchObject({ fault: null, root: 'rss' });
    expect(feed.titles[0]).toBe(`<i>"&'`);
    expect(new Set(feed.guids).size).toBe(3);
    for (const date of feed.dates) expect(new Date(date).toUTCString()).toBe(date);
    for (const query of ['', '?service=text-b', '?service=text-b&metric=uptime', '?metric=uptime']) {
      expect(await readXml(shown, `/status/hostile/badge.svg${query}`)).toMatchObject({
        ...{ fault: null, root: 'svg' },
      });
    }
  });
});
