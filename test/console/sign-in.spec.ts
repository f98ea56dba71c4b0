import type { Browser, Page } from 'playwright-core';
import { ADMIN_TOKEN } from '../accounts/guarded-service';
import { describeWith } from '../harness/servers';
import { stopServices } from '../harness/service';
import { LocalProvider } from '../people/local-provider';
import { PASSWORD, startWithPeople, type PeopleService } from '../people/people-service';
import { openPage, startBrowser, type WatchedPage } from './browser';

const ADA = 'ada@acme.example';

describeWith({ chromium: true }, 'signing in', () => {
  let provider: LocalProvider;
  let people: PeopleService;
  let browser: Browser;
  const open: WatchedPage[] = [];

  beforeAll(async () => {
    provider = await LocalProvider.start({ accounts: { ada: { email: ADA, email_verified: true } } });
    people = await startWithPeople(provider.environment);
    browser = await startBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await stopServices();
    await provider?.stop();
  });
  afterEach(async () => {
    const faults = open.flatMap((one) => one.faults);
    await Promise.all(open.splice(0).map((one) => one.close()));
    expect(faults.filter((fault) => !isExpected(fault))).toEqual([]);
  });

  /** The provider is another host, and browsers note every answer of 401. */
  const isExpected = (fault: string): boolean =>
    fault === `request to ${new URL(provider.environment['OIDC_ISSUER']!).host}` || fault.includes('401');

  const visit = async (path: string): Promise<Page> => {
    const watched = await openPage(browser, `${people.service.url}${path}`);
    open.push(watched);
    return watched.page;
  };

  const signInWithKey = async (path: string, key: string): Promise<Page> => {
    const page = await visit(path);
    await page.getByText('API key', { exact: true }).click();
    await page.getByLabel('API key, or ADMIN_TOKEN').fill(key);
    await page.getByRole('button', { name: 'Sign in' }).click();
    return page;
  };

  it('is by password or by key, and nobody comes in without', async () => {
    await people.join('bank', 'bob@bank.example', 'viewer');
    const page = await visit('/');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.getByLabel('E-mail address').fill('bob@bank.example');
    await page.locator('input[type=password]').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Account bank').waitFor();
    await page.reload();
    await page.getByText('Account bank').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.getByText('API key', { exact: true }).click();
    await page.getByLabel('API key, or ADMIN_TOKEN').fill(ADMIN_TOKEN);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByPlaceholder('All accounts').waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  it('by the OpenID provider says on the page why somebody is not let in', async () => {
    const page = await visit('/console/sources');
    await page.getByRole('link', { name: 'Continue with your company’s account' }).click();
    await page.getByText('Nobody of your e-mail address is invited here.').waitFor();
    expect(page.url()).toBe(`${people.service.url}/console/sources`);
  });

  it('by the OpenID provider leads back to the page that was asked for', async () => {
    await people.invite('acme', ADA, 'viewer');
    const page = await visit('/console/events?severity=critical');
    await page.getByRole('link', { name: 'Continue with your company’s account' }).click();
    await page.getByText('Account acme').waitFor();
    await page.getByRole('heading', { name: 'Events' }).waitFor();
    expect(page.url()).toBe(`${people.service.url}/console/events?severity=critical`);
    await page.reload();
    await page.getByRole('heading', { name: 'Events' }).waitFor();
  });

  it('ends with a key that is revoked, whose page says so, while an account is looked after', async () => {
    await people.admin.post('/accounts', { id: 'shop', name: 'Shop' });
    const admin = await signInWithKey('/console/accounts?account=shop', ADMIN_TOKEN);
    const keys = admin.getByRole('region', { name: 'Keys' });
    await keys.getByRole('button', { name: 'Make a key' }).click();
    await admin.getByLabel('Send events of this account').uncheck();
    await admin.getByLabel('Read what is this account’s').check();
    await admin.getByRole('combobox', { name: 'It holds' }).click();
    await admin.getByRole('option', { name: '30 days' }).click();
    await admin.getByRole('button', { name: 'Make it' }).click();
    const key = (await admin.getByRole('dialog').locator('.code').innerText()).trim();
    await admin.getByRole('button', { name: 'I have it' }).click();
    await keys.getByText('in 29 d').waitFor();

    const reader = await signInWithKey('/console/events', key);
    await reader.getByText('Live', { exact: true }).waitFor();
    await keys.getByRole('button', { name: `Revoke ${key.slice(0, 12)}` }).click();
    await admin.getByText('A revoked key does not come back').waitFor();
    await admin.getByRole('button', { name: 'Revoke', exact: true }).last().click();
    await keys.getByText('Revoked', { exact: true }).waitFor();

    await admin.getByRole('region', { name: 'Limits' }).getByRole('button', { name: 'Change' }).click();
    await admin.getByLabel('Events per minute').fill('1200');
    await admin.getByRole('button', { name: 'Save' }).click();
    await admin.getByText('1,200 events per minute').waitFor();

    await admin.getByRole('button', { name: 'Invite somebody' }).click();
    await admin.getByLabel('E-mail address').fill('eve@shop.example');
    await admin.getByLabel('As an operator').check();
    await admin.getByRole('button', { name: 'Invite', exact: true }).click();
    const link = new URL((await admin.getByRole('dialog').locator('.code').innerText()).trim());
    await admin.getByRole('button', { name: 'I have it' }).click();
    const eve = await visit(`${link.pathname}${link.hash}`);
    await eve.getByLabel('Password').first().fill(PASSWORD);
    await eve.getByRole('button', { name: 'Join' }).click();
    await eve.getByText('Account shop').waitFor();

    await admin.reload();
    await admin.getByRole('heading', { name: 'Sign in' }).waitFor();
    const again = await signInWithKey('/console/accounts?account=shop', ADMIN_TOKEN);
    await again.getByRole('button', { name: 'Remove eve@shop.example' }).click();
    await again.getByText('They see nothing of shop any more').waitFor();
    await again.getByRole('button', { name: 'Remove', exact: true }).click();
    const log = again.getByRole('region', { name: 'Audit log' });
    await log.getByText('Person removed').waitFor();
    await log.getByLabel('What was done').click();
    await again.getByRole('option', { name: 'Key revoked' }).click();
    await log.getByText('Person removed').waitFor({ state: 'detached' });
    await log.getByRole('cell', { name: /Key revoked/ }).waitFor();
    expect(again.url()).toContain('did=key.revoked');

    await reader.getByText('the key was revoked. Sign in again.').waitFor();
  });
});
