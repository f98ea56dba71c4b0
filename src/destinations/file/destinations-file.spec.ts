import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Settings } from '../../config/settings';
import { EmailDestination } from '../email.destination';
import { Kinds } from '../kinds';
import { PagerDutyDestination } from '../pagerduty.destination';
import { SlackDestination } from '../slack.destination';
import { WebhookDestination } from '../webhook.destination';
import { readDestinationsFile } from './destinations-file';

const SECRET = `whsec_${Buffer.alloc(24, 'a secret').toString('base64')}`;
const settings = Settings.load({});
const kinds = new Kinds(
  new PagerDutyDestination(settings),
  new SlackDestination(settings),
  new WebhookDestination(settings),
  new EmailDestination(settings),
);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-destinations-'));
  writeFileSync(join(folder, 'hook-secret'), `${SECRET}\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function faultsOf(text: string): Promise<readonly string[]> {
  const environment = { HOOK: 'of-nobody', EMPTY: '' };
  const reading = await readDestinationsFile(text, { environment, folder, kinds });
  return 'faults' in reading ? reading.faults : [];
}

const entry = (fields: string): string => `destinations:\n  - {${fields}}\n`;
const WEBHOOK = `name: on-call, type: webhook, settings: {url: "https://a.example/", secret: ${SECRET}}`;

describe('a file of destinations', () => {
  it('says what the API would be told, with what its references stand for', async () => {
    const text = `
destinations:
  - account: acme
    name: on-call
    type: webhook
    settings:
      url: https://hooks.example.com/\${HOOK}
      secret: file:hook-secret
      previous_secrets: ["file:${join(folder, 'hook-secret')}"]
  - name: payments
    type: pagerduty
    enabled: false
    settings: { routing_key: 0123456789abcdef0123456789abcdef, region: eu }
`;
    const reading = await readDestinationsFile(text, { environment: { HOOK: 'x?k=1' }, folder, kinds });
    expect(reading).toEqual({
      destinations: [
        {
          account_id: 'acme',
          name: 'on-call',
          type: 'webhook',
          enabled: true,
          origin: 'file',
          place: 'https://hooks.example.com/x?k=1',
          settings: JSON.stringify({
            url: 'https://hooks.example.com/x?k=1',
            secret: SECRET,
            previous_secrets: [SECRET],
          }),
        },
        expect.objectContaining({ account_id: 'default', name: 'payments', enabled: false }),
      ],
    });
  });

  it('may be empty, and may not be nothing', async () => {
    expect(await faultsOf('destinations: []')).toEqual([]);
    for (const text of ['', '[]', 'monitors: []', 'destinations: {}', 'destinations: [']) {
      expect([text, (await faultsOf(text)).length > 0]).toEqual([text, true]);
    }
  });

  it.each<[fields: string, fault: string]>([
    ['7', 'destinations[0]: name must be 1 to 64'],
    [WEBHOOK.replace('on-call', '"on call"'), 'destinations[0]: name must be 1 to 64'],
    [`${WEBHOOK}, account: "-"`, 'destinations[0]: account is not an account id'],
    [`${WEBHOOK}, colour: red`, 'destinations[0]: colour should not exist'],
    [WEBHOOK.replace('webhook', 'pigeon'), 'destinations[0]: type must be one of pagerduty, slack'],
    [WEBHOOK.replace(SECRET, 'weak'), 'destinations[0]: settings.secret must be whsec_'],
    [
      WEBHOOK.replace('a.example', '127.0.0.1'),
      'destinations[0]: settings.url must lead to a public address',
    ],
    [WEBHOOK.replace(SECRET, '"${NONE}"'), 'settings.secret names NONE, which the environment lacks'],
    [WEBHOOK.replace(SECRET, '"${EMPTY}"'), 'settings.secret names EMPTY, which the environment lacks'],
    [
      WEBHOOK.replace(SECRET, 'file:none'),
      'settings.secret names the file none, which cannot be read (ENOENT)',
    ],
    [
      'name: a, type: email, settings: {to: [a@example.com]}',
      'type is email. The operator has to set SMTP_URL',
    ],
  ])('is refused: %s', async (fields, fault) => {
    const faults = await faultsOf(entry(fields));
    expect(faults.join()).toContain(fault);
    expect(faults.join()).toMatch(/^line 2: /);
    expect(faults.join()).not.toMatch(/of-nobody|YSBzZWNyZXQ/);
  });

  it('names what is there twice in an account, and what holds itself', async () => {
    const twice = `destinations:\n  - {${WEBHOOK}}\n  - {${WEBHOOK}, account: acme}\n  - {${WEBHOOK}}\n`;
    expect(await faultsOf(twice)).toEqual(['line 4: destinations[2]: name is there twice in this account']);
    const loop = 'destinations:\n  - &loop\n    name: a\n    settings: {to: *loop}\n';
    expect(await faultsOf(loop)).toEqual([expect.stringContaining('It must be an object of plain values')]);
  });
});
