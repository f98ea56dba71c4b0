import type { Browser, Page } from 'playwright-core';
import { Database } from '../../src/database/database';
import { eventually } from '../harness/eventually';
import { FakeDestination } from '../harness/fake-destination';
import { describeWith } from '../harness/servers';
import { startService, stopServices, type RunningService } from '../harness/service';
import { PASSWORD, startWithPeople } from '../people/people-service';
import { blockLongReads } from '../routing/blocked-reads';
import { axeViolations, openPage, overflowing, startBrowser, type WatchedPage } from './browser';
import { pastEvent, recordAll } from './scene';

const PAYMENTS = {
  name: 'Payments',
  match: { service: 'payments*', severity: 'critical' },
  to: ['pagerduty'],
};
const REST = { name: 'The rest', to: [] };

describeWith({ chromium: true }, 'the console’s routes', () => {
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
  const putRoutes = async (account_id: string, routes: readonly object[]): Promise<void> => {
    const { status } = await service.client.get('/routes', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ account_id, routes }),
    });
    expect(status).toBe(200);
  };
  const routesOf = async (account: string): Promise<Record<string, unknown>[]> => {
    const { body } = await service.client.get<{ routes: Record<string, unknown>[] }>(
      `/routes?account_id=${account}`,
    );
    return body.routes;
  };
  const record = (account_id: string, event_id: string, severity: 'warning' | 'critical'): Promise<void> =>
    recordAll(service, [
      pastEvent({ account_id, event_id, severity, service: 'payments-eu', summary: `Trouble ${event_id}` }),
    ]);
  const pagesFor = (event_id: string): string[] =>
    destination.calls.filter((call) => call.startsWith('trigger') && call.includes(event_id));
  /** What of the page, and of a dialog in it, not everybody could use. */
  const assertUsable = async (page: Page): Promise<void> => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    expect([...(await axeViolations(page)), ...(await overflowing(page))]).toEqual([]);
  };

  it('tell why a page was not sent, and let a draft be tried that would have sent it', async () => {
    await putRoutes('shop', [PAYMENTS, REST]);
    await record('shop', 'silent', 'warning');
    const page = await open('/console/event?of=shop&id=silent');
    await page.getByText('Routed to nobody').waitFor();
    await page.getByText('“The rest”: Matched, and tells nobody. The walk ends here.').waitFor();
    await page.getByRole('link', { name: 'What each rule made of it' }).click();
    const question = page.getByRole('region', { name: 'Explain an event' });
    expect(await page.getByRole('combobox', { name: 'Account' }).inputValue()).toBe('shop');
    await question.getByText('Nothing is sent to anybody.').waitFor();
    await question.getByText('Did not match: severity is warning, wanted: critical.').waitFor();

    await page.getByRole('button', { name: 'Edit Payments' }).click();
    await page.getByRole('checkbox', { name: 'warning' }).click();
    await assertUsable(page);
    await page.getByRole('button', { name: 'Put into the draft' }).click();
    await page.getByText('“Payments” changed', { exact: true }).waitFor();
    await question.getByText('Trigger now.').waitFor();
    expect(pagesFor('silent')).toEqual([]);

    await page.getByRole('button', { name: 'Preview' }).click();
    const preview = page.getByRole('group', { name: 'Preview' });
    await preview.getByText('1 events of the last 7 days').waitFor();
    await preview.getByRole('link', { name: 'Trouble silent' }).waitFor();
    await assertUsable(page);
    await page.setViewportSize({ width: 360, height: 780 });
    await assertUsable(page);
    await page.setViewportSize({ width: 1280, height: 900 });

    await preview.getByRole('link', { name: 'Trouble silent' }).click();
    await page.getByText('What happened').waitFor();
    await page.goBack();
    await page.getByText('“Payments” changed').waitFor();
    await page.getByRole('button', { name: 'Save …' }).click();
    await page.getByText('severity is warning or critical').last().waitFor();
    await page.getByRole('button', { name: 'Save the rules' }).click();
    await page.getByRole('region', { name: 'Draft' }).waitFor({ state: 'detached' });
    await page
      .getByText(/^Changed .* without a credential$/)
      .first()
      .waitFor();
    await record('shop', 'told', 'warning');
    await eventually(() => expect(pagesFor('told')).toHaveLength(1));
  });

  it('tell that somebody else has changed them, and put a draft on top of that', async () => {
    await putRoutes('two', [PAYMENTS, REST]);
    const page = await open('/console/routes?account=two');
    await page.getByRole('button', { name: 'Move The rest up' }).click();
    await page.getByText('order changed').waitFor();
    await page.getByRole('button', { name: 'Move The rest down' }).and(page.locator(':focus')).waitFor();
    await putRoutes('two', [PAYMENTS, { ...REST, percent: 50 }]);
    await page.getByRole('button', { name: 'Save …' }).click();
    await page.getByRole('button', { name: 'Save the rules' }).click();
    await page.getByText('The routes were changed meanwhile').waitFor();
    await page.getByRole('button', { name: 'Back to the draft' }).click();
    await page.getByText('Somebody has saved other rules since this draft was begun').waitFor();
    // The browser tells of the refused request by itself.
    expect(watched!.faults.splice(0)).toEqual([expect.stringContaining('409')]);
    await page.getByRole('button', { name: 'Put my changes on top of theirs' }).click();
    await page.getByRole('button', { name: 'Save …' }).click();
    await page.getByRole('button', { name: 'Save the rules' }).click();
    await page.getByRole('region', { name: 'Draft' }).waitFor({ state: 'detached' });
    expect(await routesOf('two')).toMatchObject([{ name: 'The rest', percent: 50 }, { name: 'Payments' }]);
  });

  it('are made in a form that says what is wrong, muted at once, and written as JSON', async () => {
    await putRoutes('new', []);
    const page = await open('/console/routes?account=new');
    await page.getByText('Only the built-in rule decides').waitFor();
    await page.getByRole('button', { name: 'Add a rule' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('default');
    await page.getByRole('combobox', { name: 'Service' }).fill('shop*');
    await page.getByLabel('Only at certain hours').click();
    await assertUsable(page);
    await page.getByRole('button', { name: 'Put into the draft' }).click();
    await page.getByText('Rule “default”: name must be').waitFor();
    expect(watched!.faults.splice(0)).toEqual([expect.stringContaining('400')]);
    await page.getByRole('textbox', { name: 'Name' }).fill('Shop by day');
    await page.getByRole('button', { name: 'Put into the draft' }).click();
    await page.getByText('“Shop by day” added').waitFor();
    await page.getByRole('button', { name: 'Save …' }).click();
    await page.getByRole('button', { name: 'Save the rules' }).click();

    await page.getByRole('button', { name: 'Mute Shop by day' }).click();
    await assertUsable(page);
    await page.getByRole('button', { name: 'Mute for 4 h' }).click();
    await page.getByText('Muted', { exact: true }).waitFor();
    const [saved] = await routesOf('new');
    expect(saved).toMatchObject({
      match: { service: ['shop*'], time: { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00' } },
      to: [],
    });
    expect(Date.parse(String(saved!['mute_until']))).toBeGreaterThan(Date.now() + 3 * 3_600_000);
    await page.getByRole('button', { name: 'Mute Shop by day' }).click();
    await page.getByRole('button', { name: 'End the mute now' }).click();
    await page.getByText('Muted', { exact: true }).waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'Edit all as JSON' }).click();
    await assertUsable(page);
    const document = page.getByRole('textbox', { name: 'The document' });
    await document.fill(
      '{"routes":[{"name":"Short","match":{"severity":{"from":"warning"}},"to":["pagerduty"]}]}',
    );
    await page.getByRole('button', { name: 'Check, and put into the draft' }).click();
    await page.getByText('“Short” added · “Shop by day” deleted').waitFor();
    await page.getByText('severity is warning or critical').waitFor();
    await page.getByRole('button', { name: 'Throw it away' }).click();
    await page.getByRole('button', { name: 'Throw the draft away' }).click();
    await page.getByRole('heading', { name: 'Shop by day' }).waitFor();
  });

  it('are many, and have hostile names, and few of them are rendered', async () => {
    const words = { name: `<b>\u202E${'a'.repeat(59)}`, match: { service: ['b'.repeat(200), '*'] }, to: [] };
    const others = Array.from({ length: 119 }, (_, number) => ({
      ...REST,
      name: `Rule ${number}`,
      shadow: true,
    }));
    await putRoutes('many', [words, ...others].toReversed());
    await record('many', 'found', 'critical');
    const page = await open('/console/routes?account=many&explain=found');
    await page.getByText('and 100 more, marked among the rules below.').waitFor();
    expect(await page.locator('.rule').count()).toBe(50);
    await page.getByRole('button', { name: 'Later rules' }).click();
    await page.getByText('51 to 100 of 120').waitFor();
    await page
      .getByRole('region', { name: 'Explain an event' })
      .getByRole('link', { name: 'Rule 118' })
      .click();
    await page.locator('.rule:focus', { hasText: 'Rule 118' }).waitFor();
    await page.getByRole('textbox', { name: 'Find a rule' }).fill('bbb');
    await page.getByText('1 to').waitFor({ state: 'detached' });
    expect(await page.locator('.rule').count()).toBe(2);
    await page.setViewportSize({ width: 360, height: 780 });
    await assertUsable(page);
  });

  it('let a preview be cancelled, which ends it in the service too', async () => {
    await putRoutes('slow', [PAYMENTS]);
    const page = await open('/console/routes?account=slow');
    await page.getByRole('button', { name: 'Delete Payments' }).click();
    const block = await blockLongReads(service.app.get(Database));
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByText('The past goes through the rules in force and through the draft').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await block.release();
    // Two at a time are refused: that the next one answers says that the first one is over.
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByText('0 events of the last 7 days').waitFor();
  });

  it('are looked at by viewers, tried by operators, and saved by neither', async () => {
    const { service: guarded, admin, join } = await startWithPeople();
    await join('acme', 'ada@acme.example', 'viewer');
    await join('acme', 'otto@acme.example', 'operator');
    await admin.post('/routes', { account_id: 'acme', ...PAYMENTS });
    const page = await open('/console/routes', guarded.url);
    const signIn = async (email: string): Promise<void> => {
      await page.getByLabel('E-mail address').fill(email);
      await page.locator('input[type=password]').fill(PASSWORD);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { name: 'Payments' }).waitFor();
    };
    await signIn('ada@acme.example');
    await page.getByText('Admins of the account can change them.').waitFor();
    const buttons = await page.getByRole('main').getByRole('button').allTextContents();
    expect(buttons).toEqual(['Explain']);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await signIn('otto@acme.example');
    await page.getByRole('button', { name: 'Delete Payments' }).click();
    await page.getByText('An admin of the account can save it.').waitFor();
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByText('0 events of the last 7 days').waitFor();
    expect(await page.getByRole('button', { name: /Save|Mute/ }).count()).toBe(0);
  });
});
