import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { stopServices } from '../harness/service';
import { describeWith } from '../harness/servers';
import { axeViolations, openPage, overflowing, startBrowser } from './browser';
import { startScene, type Scene } from './scene';
import { fillObjectives, watchSinceLong } from './slo-scene';

/** Where `npm run screenshots` wants pictures of all pages; undefined in tests. */
const PICTURES = process.env['SCREENSHOTS'];

const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 360, height: 780 };

const ACME = '/console/accounts?account=acme';

/** Every page, and a text of it that is there when its data is. */
const PAGES = [
  { name: 'now', path: () => '/', text: 'Card payments fail in Europe' },
  { name: 'wall', path: () => '/?wall=1', text: 'Card payments fail in Europe' },
  { name: 'events', path: () => '/console/events', text: 'refund.requested' },
  { name: 'event', path: () => '/console/event?of=default&id=evt_refused', text: 'Given up at pagerduty' },
  { name: 'deliveries', path: () => '/console/deliveries', text: 'evt_refused' },
  { name: 'sources', path: () => '/console/sources', text: 'mailgun' },
  { name: 'monitors', path: () => '/console/monitors', text: 'Checkout API' },
  {
    name: 'monitor',
    path: (scene: Shown) => `/console/monitor?id=${scene.monitorId}`,
    text: 'Newest checks',
  },
  { name: 'slos', path: () => '/console/slos', text: 'POST /ingest/stripe is available' },
  { name: 'slo', path: () => '/console/slo?id=stripe-availability', text: 'Webhooks were refused' },
  { name: 'report', path: () => '/console/report', text: 'Webhooks were refused' },
  { name: 'routes', path: () => '/console/routes?account=acme', text: 'Checkout by night' },
  {
    name: 'explanation',
    path: () => '/console/routes?account=acme&explain=order-4714',
    text: 'Nearest of those that did not',
  },
  { name: 'accounts', path: () => '/console/accounts', text: 'Acme Corporation' },
  { name: 'account', path: () => ACME, text: 'grace@acme.example' },
  { name: 'account-public', path: () => '/console/accounts?account=default', text: 'Copy badge' },
  { name: 'public', path: () => '/status/shop', text: 'Card payments' },
] as const;

/** What is asked before something is done, and the buttons that lead there. */
const DIALOGS = [
  { path: () => '/console/accounts', button: 'Add an account' },
  { path: () => ACME, button: 'Make a key' },
  { path: () => ACME, button: 'Invite somebody' },
  { path: () => ACME, button: 'Delete the account' },
  { path: () => '/console/deliveries', button: 'Replay all dead' },
  { path: () => '/console/deliveries', button: 'Test the whole path' },
  { path: () => '/console/monitors', button: 'Add a monitor' },
  { path: (scene: Shown) => `/console/monitor?id=${scene.monitorId}`, button: 'Pause' },
] as const;

/** What a window of 1280 by 900 pixels has room for at 200 %. */
const ZOOMED = { width: 640, height: 450 };

/** Each is looked at for what the ones before it cannot have shown. */
const LOOKS = [
  { scheme: 'light', size: WIDE, name: 'light', look: 'all' },
  { scheme: 'dark', size: WIDE, name: 'dark', look: 'colours' },
  { scheme: 'light', size: NARROW, name: 'narrow', look: 'structure' },
  { scheme: 'light', size: ZOOMED, name: 'zoomed', look: null },
  // The colours are those of `dark` and the layout is that of `narrow`: for people to look at.
  ...(PICTURES === undefined
    ? []
    : [{ scheme: 'dark', size: NARROW, name: 'narrow-dark', look: null } as const]),
] as const;

interface Shown extends Scene {
  readonly monitorId: string;
}

describeWith({ chromium: true }, 'the console’s pages', () => {
  let scene: Shown;
  let browser: Browser;

  beforeAll(async () => {
    const filled = await startScene();
    await fillObjectives(filled.service);
    await watchSinceLong(filled.service);
    const { body } = await filled.service.client.get<{ monitors: { id: string; name: string }[] }>(
      '/monitors',
    );
    const monitorId = body.monitors.find(({ name }) => name === 'Checkout API')!.id;
    scene = { ...filled, monitorId };
    browser = await startBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await stopServices();
    await scene?.close();
  });

  it.each(PAGES)(
    'shows $name to everybody, in any size and colour, and at 200 %',
    async ({ name, path, text }) => {
      const shown = await openPage(browser, `${scene.service.url}${path(scene)}`, { colorScheme: 'light' });
      const { page, faults } = shown;
      try {
        await page.getByText(text).first().waitFor();
        const found: string[] = [];
        for (const look of LOOKS) {
          await page.emulateMedia({ colorScheme: look.scheme, reducedMotion: 'reduce' });
          await page.setViewportSize(look.size);
          await page.getByText(text).first().waitFor({ state: 'attached' });
          const violations = look.look === null ? [] : await axeViolations(page, look.look);
          for (const fault of [...(await overflowing(page)), ...violations])
            found.push(`${look.name}: ${fault}`);
          if (PICTURES !== undefined) {
            await page.locator('.placeholder').first().waitFor({ state: 'detached' });
            await page.screenshot({ path: join(PICTURES, `${name}-${look.name}.png`), fullPage: true });
          }
        }
        expect([...found, ...faults]).toEqual([]);
      } finally {
        await shown.close();
      }
    },
  );

  it('asks in dialogs that everybody can use', async () => {
    const found: string[] = [];
    const shown = await openPage(browser, scene.service.url, { viewport: NARROW, reducedMotion: 'reduce' });
    const { page } = shown;
    try {
      for (const { path, button } of DIALOGS) {
        await page.goto(`${scene.service.url}${path(scene)}`);
        await page.getByRole('button', { name: button }).click();
        await page.getByRole('dialog').waitFor();
        for (const fault of [...(await overflowing(page)), ...(await axeViolations(page))]) {
          found.push(`${button}: ${fault}`);
        }
        if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `dialog-${button}.png`) });
      }
      expect([...found, ...shown.faults]).toEqual([]);
    } finally {
      await shown.close();
    }
  });
});
