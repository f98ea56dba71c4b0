import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { definitions } from './definitions';
import { InvalidSettingsError, isLoopback, Settings, type Environment } from './settings';

function faultsOf(environment: Environment): readonly string[] {
  try {
    Settings.load(environment);
  } catch (error) {
    if (error instanceof InvalidSettingsError) return error.faults;
    throw error;
  }
  return [];
}

const ROUTING_KEY = 'R0123456789abcdefghijklmnopqrstu';

describe('Settings.load', () => {
  it('needs nothing set', () => {
    const settings = Settings.load({});
    expect(settings).toMatchObject({
      NODE_ENV: 'development',
      PORT: 3000,
      HOST: '127.0.0.1',
      DATABASE_URL: 'sqlite:./data/signalbox.db',
      sqlitePath: './data/signalbox.db',
      STATUS_PAGES: [],
      ROUTE_WARNING: false,
      isProduction: false,
    });
    expect(settings.STRIPE_WEBHOOK_SECRET).toBeUndefined();
  });

  it('takes an empty variable for an absent one, and ignores space around a value', () => {
    expect(Settings.load({ PORT: '', LOG_LEVEL: ' warn ', NODE_ENV: '  ' })).toMatchObject({
      PORT: 3000,
      LOG_LEVEL: 'warn',
      NODE_ENV: 'development',
    });
  });

  it('names every fault at once, contradictions included', () => {
    const faults = faultsOf({
      NODE_ENV: 'prod',
      PORT: '65536',
      HOST: '0.0.0.0',
      TRUST_PROXY: 'perhaps',
      DATABASE_URL: 'postgres://db/signalbox',
      STRIPE_WEBHOOK_SECRET: 'whsec_abcdef,',
      SPREEDLY_STATUS_SUMMARY_URL: 'status.example',
      STATUS_PAGES: 'acme',
      STATUS_POLL_CRON: 'now and then',
      ROUTE_WARNING: 'yes',
      PAGERDUTY_ROUTING_KEY: 'short',
      DELIVERY_BASE_MS: '1000',
      DELIVERY_MAX_MS: '999',
      SHUTDOWN_DRAIN_MS: '15000',
      SHUTDOWN_GRACE_MS: '15000',
    });
    expect(faults).toEqual([
      'NODE_ENV must be one of development, test, production',
      'PORT must be a whole number from 0 to 65535',
      'TRUST_PROXY must be true, false, a number of proxies, or addresses and ranges',
      'DATABASE_URL must be sqlite:<path of the file>',
      'STRIPE_WEBHOOK_SECRET needs at least 8 characters in each secret',
      'SPREEDLY_STATUS_SUMMARY_URL must be an absolute http or https URL',
      'STATUS_PAGES has a part without a name of small letters, digits, - and _ before "=": acme',
      'STATUS_POLL_CRON must be a cron expression of five or six fields that has a next time',
      'ROUTE_WARNING must be true or false',
      'PAGERDUTY_ROUTING_KEY must be 32 letters and digits',
      'HOST is 0.0.0.0, which other machines can reach, and there are no credentials: listen on 127.0.0.1, or say ALLOW_ANONYMOUS=true',
      'DELIVERY_MAX_MS must not be below DELIVERY_BASE_MS',
      'SHUTDOWN_DRAIN_MS must be below SHUTDOWN_GRACE_MS',
    ]);
  });

  it('says in its message that it does not start, and why', () => {
    expect(() => Settings.load({ PORT: 'x', ROUTE_WARNING: 'x' })).toThrow(
      'Signalbox cannot start, because of its settings:\n' +
        '  - PORT must be a whole number from 0 to 65535\n' +
        '  - ROUTE_WARNING must be true or false',
    );
  });

  it('calls nothing a contradiction that it could not read', () => {
    expect(faultsOf({ DELIVERY_BASE_MS: 'x', DELIVERY_MAX_MS: '10' })).toHaveLength(1);
    expect(faultsOf({ SHUTDOWN_DRAIN_MS: '500', SHUTDOWN_GRACE_MS: 'x' })).toHaveLength(1);
    expect(faultsOf({ HOST: '0.0.0.0', ALLOW_ANONYMOUS: 'x' })).toHaveLength(1);
  });

  it.each([
    ['a number with a unit', { PORT: '80s' }],
    ['a broken number', { PORT: '80.5' }],
    ['an exponent', { PORT: '1e3' }],
    ['a hexadecimal number', { PORT: '0x50' }],
    ['a negative number', { SHUTDOWN_DRAIN_MS: '-1' }],
    ['a number too large to be exact', { RETENTION_DAYS: '99999999999999999999' }],
    ['a retention below 30 days', { RETENTION_DAYS: '29' }],
    ['TRUE', { ROUTE_WARNING: 'TRUE' }],
    ['1 for true', { ALLOW_ANONYMOUS: '1' }],
    ['a URL with a password', { HEARTBEAT_URL: 'https://me:secret@watch.example/' }],
    ['a URL of a file', { PAGERDUTY_EVENTS_URL: 'file:///etc/passwd' }],
    ['a path as URL', { BRAZE_STATUS_SUMMARY_URL: '/api/v2/summary.json' }],
    ['a cron expression of four fields', { STATUS_POLL_CRON: '* * * *' }],
    ['a cron expression of a day that never comes', { STATUS_POLL_CRON: '0 0 31 2 *' }],
    ['a database without a path', { DATABASE_URL: 'sqlite:' }],
  ])('refuses %s', (_, environment: Environment) => {
    expect(faultsOf(environment)).toHaveLength(1);
  });

  it('never repeats a secret, nor what stands in a URL in place of one, in a fault', () => {
    const faults = faultsOf({
      STRIPE_WEBHOOK_SECRET: 'whsec_topsecret,hush',
      PAGERDUTY_ROUTING_KEY: 'topsecret',
      HEARTBEAT_URL: 'https://me:topsecret@watch.example/',
    });
    expect(faults).toHaveLength(3);
    expect(faults.join()).not.toMatch(/topsecret|hush/);
  });
});

describe('the address to listen on', () => {
  it.each(['127.0.0.1', '127.8.9.10', '::1', 'localhost'])('may be %s without more', (HOST) => {
    expect(faultsOf({ HOST })).toEqual([]);
  });

  it.each([
    '0.0.0.0',
    '::',
    '192.168.1.4',
    'signalbox.example',
    '127.0.0.1.example',
    '1270.0.0.1',
    'localhost.example',
  ])('may be %s only with ALLOW_ANONYMOUS', (HOST) => {
    expect(isLoopback(HOST)).toBe(false);
    expect(faultsOf({ HOST })).toEqual([expect.stringContaining(`HOST is ${HOST}`)]);
    expect(faultsOf({ HOST, ALLOW_ANONYMOUS: 'false' })).toHaveLength(1);
    expect(faultsOf({ HOST, ALLOW_ANONYMOUS: 'true' })).toEqual([]);
  });
});

describe('TRUST_PROXY', () => {
  it.each([
    ['true', true],
    ['false', false],
    ['0', 0],
    ['2', 2],
    ['10.0.0.1', '10.0.0.1'],
    ['10.0.0.0/8, 192.168.0.0/16,::1,fd00::/8', '10.0.0.0/8, 192.168.0.0/16,::1,fd00::/8'],
  ])('may be %s', (TRUST_PROXY, expected) => {
    expect(Settings.load({ TRUST_PROXY }).TRUST_PROXY).toBe(expected);
  });

  it.each([
    'abc',
    '10.0.0',
    '10.0.0.1/33',
    '10.0.0.1/',
    '::1/129',
    '10.0.0.1/8/8',
    '10.0.0.1,',
    'proxy.example',
    '-1',
    '100',
  ])('may not be %s', (TRUST_PROXY) => {
    expect(faultsOf({ TRUST_PROXY })).toHaveLength(1);
  });
});

describe('a secret', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'signalbox-test-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  function file(name: string, content: string): string {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  }

  it('may come from a file, whose last newline is not part of it', () => {
    const settings = Settings.load({
      PAGERDUTY_ROUTING_KEY_FILE: file('key', `${ROUTING_KEY}\n`),
      STRIPE_WEBHOOK_SECRET_FILE: file('stripe', 'whsec_first, whsec_second\n'),
    });
    expect(settings.PAGERDUTY_ROUTING_KEY).toBe(ROUTING_KEY);
    expect(settings.STRIPE_WEBHOOK_SECRET).toEqual(['whsec_first', 'whsec_second']);
  });

  it('is absent where its file is empty, or none is named', () => {
    expect(
      Settings.load({ STRIPE_WEBHOOK_SECRET_FILE: file('empty', '\n') }).STRIPE_WEBHOOK_SECRET,
    ).toBeUndefined();
    expect(Settings.load({ STRIPE_WEBHOOK_SECRET_FILE: '' }).STRIPE_WEBHOOK_SECRET).toBeUndefined();
  });

  it('is a fault where it is set twice, its file is missing, or the file holds no valid one', () => {
    const path = file('both', ROUTING_KEY);
    expect(faultsOf({ PAGERDUTY_ROUTING_KEY: ROUTING_KEY, PAGERDUTY_ROUTING_KEY_FILE: path })).toEqual([
      'PAGERDUTY_ROUTING_KEY is set twice: by PAGERDUTY_ROUTING_KEY and by PAGERDUTY_ROUTING_KEY_FILE',
    ]);
    expect(faultsOf({ PAGERDUTY_ROUTING_KEY_FILE: join(folder, 'nowhere') })).toEqual([
      'PAGERDUTY_ROUTING_KEY cannot be read from the file that PAGERDUTY_ROUTING_KEY_FILE names (ENOENT)',
    ]);
    expect(faultsOf({ PAGERDUTY_ROUTING_KEY_FILE: file('bad', 'short') })).toHaveLength(1);
  });

  it('is the only thing that comes from files', () => {
    expect(Settings.load({ LOG_LEVEL_FILE: file('level', 'debug') }).LOG_LEVEL).toBe('info');
  });

  it('is never shown, while everything else is', () => {
    const shown = Settings.load({
      STRIPE_WEBHOOK_SECRET: 'whsec_topsecret',
      STRIPE_API_KEY: 'sk_topsecret',
      PAGERDUTY_ROUTING_KEY: ROUTING_KEY,
      PORT: '8080',
    }).redacted();
    expect(shown).toMatchObject({
      STRIPE_WEBHOOK_SECRET: '[redacted]',
      STRIPE_API_KEY: '[redacted]',
      PAGERDUTY_ROUTING_KEY: '[redacted]',
      PORT: 8080,
    });
    expect(JSON.stringify(shown)).not.toMatch(new RegExp(`topsecret|${ROUTING_KEY}`));
    expect(Object.keys(shown)).toEqual(Object.keys(definitions));
  });

  it('that is not set is shown as not set', () => {
    expect(Settings.load({}).redacted()['STRIPE_WEBHOOK_SECRET']).toBeUndefined();
  });
});

describe('DATABASE_URL', () => {
  it.each([
    ['sqlite:./data/x.db', './data/x.db'],
    ['sqlite:/var/lib/x.db', '/var/lib/x.db'],
    ['sqlite:///var/lib/x.db', '/var/lib/x.db'],
    ['sqlite:x.db', 'x.db'],
  ])('%s is the file %s', (DATABASE_URL, path) => {
    expect(Settings.load({ DATABASE_URL }).sqlitePath).toBe(path);
  });
});
