import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { definitions } from './definitions';
import { isLoopback } from './loopback';
import { InvalidSettingsError, Settings, type Environment } from './settings';

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
const SCALED = {
  DATABASE_URL: 'postgres://me:topsecret@db/signalbox',
  REDIS_URL: 'redis://redis:6379',
  AUTH_SECRET: 'topsecret-of-more-than-32-characters',
};

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
      'STRIPE_WEBHOOK_SECRET needs at least 8 characters in each secret',
      'SPREEDLY_STATUS_SUMMARY_URL must be an absolute http or https URL',
      'STATUS_PAGES has a part without a name of small letters, digits, - and _ before "=": acme',
      'STATUS_POLL_CRON must be a cron expression of five or six fields that has a next time',
      'ROUTE_WARNING must be true or false',
      'PAGERDUTY_ROUTING_KEY must be 32 letters and digits',
      'HOST is 0.0.0.0, which other machines can reach, and there are no credentials: set ADMIN_TOKEN, or listen on 127.0.0.1, or say ALLOW_ANONYMOUS=true',
      'DATABASE_URL is PostgreSQL, and so REDIS_URL is needed too',
      'AUTH_SECRET is needed where DATABASE_URL is PostgreSQL, the same in all processes',
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
    ['a database that is none', { DATABASE_URL: 'mysql://db/signalbox' }],
    ['a Redis that is none', { REDIS_URL: 'http://redis' }],
    ['a prefix in Redis with a colon', { ...SCALED, REDIS_PREFIX: 'a:b' }],
    ['a role nobody knows', { ...SCALED, ROLES: 'api,cook' }],
    ['a way of taking events that nobody knows', { ...SCALED, INGEST_MODE: 'later' }],
    ['a short ADMIN_TOKEN', { ADMIN_TOKEN: 'seven77' }],
    ['an ADMIN_TOKEN with a space in it', { ADMIN_TOKEN: 'open sesame' }],
    ['a METRICS_TOKEN of other letters than ASCII', { METRICS_TOKEN: 'schlüssel' }],
  ])('refuses %s', (_, environment: Environment) => {
    expect(faultsOf(environment)).toHaveLength(1);
  });

  it('never repeats a secret, nor what stands in a URL in place of one, in a fault', () => {
    const faults = faultsOf({
      STRIPE_WEBHOOK_SECRET: 'whsec_topsecret,hush',
      PAGERDUTY_ROUTING_KEY: 'topsecret',
      HEARTBEAT_URL: 'https://me:topsecret@watch.example/',
      ADMIN_TOKEN: 'my topsecret',
      METRICS_TOKEN: 'hush',
    });
    expect(faults).toHaveLength(5);
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
  ])('may be %s only with ADMIN_TOKEN or ALLOW_ANONYMOUS', (HOST) => {
    expect(isLoopback(HOST)).toBe(false);
    expect(faultsOf({ HOST })).toEqual([expect.stringContaining(`HOST is ${HOST}`)]);
    expect(faultsOf({ HOST, ALLOW_ANONYMOUS: 'false' })).toHaveLength(1);
    expect(faultsOf({ HOST, ALLOW_ANONYMOUS: 'true' })).toEqual([]);
    expect(faultsOf({ HOST, ADMIN_TOKEN: 'only-for-tests' })).toEqual([]);
    expect(faultsOf({ HOST, METRICS_TOKEN: 'only-for-tests' })).toHaveLength(1);
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
      ADMIN_TOKEN: 'admin-topsecret',
      METRICS_TOKEN: 'metrics-topsecret',
      ...SCALED,
      PORT: '8080',
    }).redacted();
    expect(shown).toMatchObject({
      STRIPE_WEBHOOK_SECRET: '[redacted]',
      STRIPE_API_KEY: '[redacted]',
      PAGERDUTY_ROUTING_KEY: '[redacted]',
      ADMIN_TOKEN: '[redacted]',
      METRICS_TOKEN: '[redacted]',
      DATABASE_URL: '[redacted]',
      REDIS_URL: '[redacted]',
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

describe('what people log in with', () => {
  const { DATABASE_URL, REDIS_URL } = SCALED;
  const PROVIDER = {
    OIDC_ISSUER: 'https://login.example/realm',
    OIDC_CLIENT_ID: 'signalbox',
    OIDC_CLIENT_SECRET: 'hush-hush',
    PUBLIC_URL: 'https://signalbox.example/',
  };

  it('needs a secret only where several processes take requests', () => {
    expect(faultsOf({ DATABASE_URL, REDIS_URL })).toHaveLength(1);
    expect(faultsOf({ DATABASE_URL, REDIS_URL, ROLES: 'worker,notifier' })).toEqual([]);
    expect(faultsOf({ AUTH_SECRET: 'of-only-31-characters-1234567890'.slice(1) })).toHaveLength(1);
  });

  it('is an OpenID provider as a whole, or none', () => {
    expect(Settings.load(PROVIDER).PUBLIC_URL).toBe('https://signalbox.example');
    expect(faultsOf({ PUBLIC_URL: PROVIDER.PUBLIC_URL })).toEqual([]);
    expect(faultsOf({ OIDC_ISSUER: PROVIDER.OIDC_ISSUER })).toEqual([
      'OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, PUBLIC_URL must be set for OpenID Connect too',
    ]);
  });

  it.each([
    ['OIDC_ISSUER', 'http://login.example'],
    ['OIDC_ISSUER', 'https://login.example/?realm=1'],
    ['OIDC_ISSUER', 'login.example'],
    ['PUBLIC_URL', 'https://signalbox.example/signalbox'],
  ])('refuses %s=%s', (name, value) => {
    expect(faultsOf({ ...PROVIDER, [name]: value })).toHaveLength(1);
  });

  it('says by which claim of the provider who is what, or says nothing of it', () => {
    const roles = { OIDC_ROLE_CLAIM: 'groups', OIDC_ROLE_MAP: 'acme:admin=leads' };
    expect(faultsOf({ ...PROVIDER, ...roles })).toEqual([]);
    expect(faultsOf({ ...PROVIDER, OIDC_ROLE_CLAIM: 'groups' })).toEqual([
      'OIDC_ROLE_CLAIM and OIDC_ROLE_MAP need each other',
    ]);
    expect(faultsOf(roles)).toEqual(['OIDC_ROLE_CLAIM needs OIDC_ISSUER']);
    expect(faultsOf({ ...PROVIDER, OIDC_SCOPE: 'openid groups' })).toEqual([
      'OIDC_SCOPE must be scopes separated by spaces, openid and email among them',
    ]);
  });

  it('may be a provider on this machine without TLS', () => {
    expect(faultsOf({ ...PROVIDER, OIDC_ISSUER: 'http://127.0.0.1:9000' })).toEqual([]);
  });
});

describe('the scaled profile', () => {
  it('is PostgreSQL and Redis together, and takes events by way of Redis unless it is told not to', () => {
    const settings = Settings.load(SCALED);
    expect(settings).toMatchObject({ isScaled: true, isPostgres: true, ingestMode: 'queued' });
    expect(Settings.load({ ...SCALED, INGEST_MODE: 'direct' }).ingestMode).toBe('direct');
    expect(Settings.load({})).toMatchObject({ isScaled: false, isPostgres: false, ingestMode: 'direct' });
  });

  it('lets a process do a part of the work', () => {
    const settings = Settings.load({ ...SCALED, ROLES: 'worker, api' });
    expect(settings.ROLES).toEqual(['api', 'worker']);
    expect([settings.hasRole('api'), settings.hasRole('notifier')]).toEqual([true, false]);
  });

  it('is not to be had by halves', () => {
    const { DATABASE_URL, REDIS_URL } = SCALED;
    expect(faultsOf({ DATABASE_URL })).toEqual([
      'DATABASE_URL is PostgreSQL, and so REDIS_URL is needed too',
      'AUTH_SECRET is needed where DATABASE_URL is PostgreSQL, the same in all processes',
    ]);
    expect(
      faultsOf({ REDIS_URL, DATABASE_REPLICA_URL: DATABASE_URL, INGEST_MODE: 'queued', ROLES: 'api' }),
    ).toEqual([
      'REDIS_URL is set, and so DATABASE_URL must be postgres://…',
      'DATABASE_REPLICA_URL needs a DATABASE_URL of PostgreSQL',
      'INGEST_MODE=queued needs REDIS_URL and a DATABASE_URL of PostgreSQL',
      'ROLES must name all four where DATABASE_URL is a SQLite file, which only one process can use',
    ]);
  });
});
