import type { Browser, Page } from 'playwright-core';
import { eventually } from '../harness/eventually';
import { answer, FakeDestination } from '../harness/fake-destination';
import { describeWith } from '../harness/servers';
import { startService, stopServices, type RunningService } from '../harness/service';
import { payoutFailed } from '../harness/service-client';
import { openPage, overflowing, startBrowser, type WatchedPage } from './browser';
import { pastEvent, recordAll } from './scene';

/** The strings that people and programs send who mean no good, or know no better. */
const SCRIPT = '<script>window.harmed = true</script><img src=x onerror="window.harmed=true">';
const BACKWARDS = '\u202Egnp.exe\u202C \u2067right to left\u2069';
const ONE_WORD = 'a'.repeat(100_000);

describeWith({ chromium: true }, 'the console', () => {
  let browser: Browser;
  let service: RunningService;
  let destination: FakeDestination;
  let watched: WatchedPage | null = null;

  beforeAll(async () => {
    destination = await FakeDestination.start();
    service = await startService({ PAGERDUTY_EVENTS_URL: destination.url, ALLOW_PRIVATE_TARGETS: 'true' });
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

  const open = async (path: string, url = service.url): Promise<Page> => {
    watched = await openPage(browser, `${url}${path}`);
    return watched.page;
  };

  it('teaches what to do where there is nothing yet', async () => {
    const fresh = await startService({ NODE_ENV: 'production' });
    const page = await open('/', fresh.url);
    await page.getByRole('heading', { name: 'All well' }).waitFor();
    await page.getByText('Nothing is watched yet').waitFor();
    await page.getByRole('link', { name: 'Monitors' }).click();
    await page.getByText('No monitor yet').waitFor();
    await fresh.stop();
  });

  it('shows an outage as it unfolds, without a reload', async () => {
    const page = await open('/');
    await page.getByText('Live', { exact: true }).waitFor();
    const outage = pastEvent({ event_id: 'live-1', service: 'checkout', summary: 'Checkout is down' });
    await recordAll(service, [outage]);
    await page.getByRole('heading', { name: 'Outage' }).waitFor();
    await page.getByRole('link', { name: 'Checkout is down' }).waitFor();
    const row = page.getByRole('row', { name: /Checkout is down/ });
    await row.getByText('Delivered').waitFor();
    const at = Date.now();
    await recordAll(service, [{ ...outage, resolved_at: at, updated_at: at }]);
    await page.getByRole('link', { name: 'Checkout is down' }).waitFor({ state: 'detached' });
  });

  it('tells why a page was not sent, and sends it again', async () => {
    destination.next(answer(400));
    await service.client.stripe(payoutFailed('evt_dead'));
    await eventually(async () => {
      expect(await service.client.deliveries('?status=dead')).toHaveLength(1);
    });
    const page = await open('/console/deliveries?status=dead');
    await page.getByText('the destination refused it for good').waitFor();
    await page.getByRole('link', { name: 'evt_dead' }).click();
    await page.getByText('Given up at pagerduty').waitFor();
    await page.getByText('answered 400').waitFor();
    await page.goBack();
    await page.getByRole('button', { name: 'Replay all dead' }).click();
    await page.getByText('1 delivery is sent again').waitFor();
    await page.getByRole('button', { name: 'Replay 1' }).click();
    await page.getByText('1 sent again.').waitFor();
    await page.getByRole('button', { name: 'Close' }).last().click();
    await page.getByText('Delivered', { exact: true }).first().click();
    await page.getByText(/repeats \d+/).waitFor();
  });

  it('measures how long a page takes from end to end', async () => {
    const page = await open('/console/deliveries');
    await page.getByRole('button', { name: 'Test the whole path' }).click();
    await page.getByRole('button', { name: 'Send the page' }).click();
    await page.getByText(/From the post to the last page: [\d.]+ s/).waitFor();
    await eventually(() => {
      const ofTest = destination.calls.filter((call) => call.includes('path-test-'));
      expect(ofTest.map((call) => call.split(' ')[0])).toEqual(['trigger', 'resolve']);
    });
  });

  it('makes a monitor, checks it and pauses it', async () => {
    const page = await open('/console/monitors');
    await page.getByRole('button', { name: 'Add a monitor' }).click();
    await page.getByLabel('Name').fill('Our own health');
    await page.getByLabel('URL').fill(`${service.url}/healthz`);
    await page.getByRole('button', { name: 'Add, and check now' }).click();
    await page.getByRole('link', { name: /Our own health/ }).click();
    await page.getByRole('button', { name: 'Check now' }).click();
    await page.getByText('HTTP 200').first().waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('An open incident of it is resolved').waitFor();
    await page.getByRole('button', { name: 'Pause it' }).click();
    await page.getByText('Paused').waitFor();
  });

  it('lets no row come in under the pointer, and says how many wait', async () => {
    const record = (summary: string): Promise<void> =>
      recordAll(service, [pastEvent({ event_id: summary, summary, account_id: 'news', severity: 'info' })]);
    await record('Old news');
    const page = await open('/console/events?account=news');
    await page.getByText('Live', { exact: true }).waitFor();
    const first = page.locator('[data-index="0"]');
    await first.hover();
    await record('News');
    await page.getByRole('button', { name: 'Show 1 new' }).waitFor();
    expect(await first.innerText()).toContain('Old news');
    await page.getByRole('heading', { name: 'Events' }).hover();
    await first.getByText('News', { exact: true }).waitFor();
    await first.hover();
    await record('More news');
    await page.getByRole('button', { name: 'Show 1 new' }).click();
    await first.getByText('More news').waitFor();
  });

  it('is moved through with the keyboard alone', async () => {
    await service.client.stripe(payoutFailed('evt_key_1'));
    await service.client.stripe(payoutFailed('evt_key_2'));
    const page = await open('/console/events?source=stripe');
    await page.locator('[data-index="1"]').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('page');
    await page.locator('[data-index="0"]').focus();
    await page.keyboard.press('ArrowDown');
    await page.locator('[data-index="1"]:focus').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('What happened').waitFor();
  });

  it('comes to no harm by what is stored', async () => {
    await recordAll(service, [
      pastEvent({
        event_id: `hostile ${SCRIPT}/?&#%`,
        summary: SCRIPT,
        service: SCRIPT,
        type: BACKWARDS,
        raw: JSON.stringify({ SCRIPT }),
      }),
      pastEvent({ event_id: 'backwards', summary: BACKWARDS, service: BACKWARDS, description: BACKWARDS }),
      pastEvent({
        event_id: 'word',
        summary: ONE_WORD,
        service: ONE_WORD.slice(0, 1_000),
        description: ONE_WORD,
        raw: JSON.stringify({ ONE_WORD }),
      }),
    ]);
    const page = await open('/');
    await page.getByText('<script>').first().waitFor();
    expect(await overflowing(page)).toEqual([]);
    await page
      .getByRole('link', { name: /<script>/ })
      .first()
      .click();
    await page.getByText('What happened').or(page.getByPlaceholder('In what is loaded')).first().waitFor();
    await page.goto(`${service.url}/console/event?of=default&id=word`);
    await page.getByText('What happened').waitFor();
    expect(await overflowing(page)).toEqual([]);
    for (const [path, text] of [
      ['/console/events', '<script>'],
      ['/console/deliveries', 'hostile <script>'],
      ['/console/accounts?account=default', 'right to left'],
      ['/?wall=1', '<script>'],
    ] as const) {
      await page.goto(`${service.url}${path}`);
      await page.getByText(text).first().waitFor();
      expect([path, await overflowing(page)]).toEqual([path, []]);
      expect(await page.evaluate('window.harmed')).toBeUndefined();
    }
    await service.client.post('/events/word/resolve');
  });
});
