import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { definitions, ROLES } from '../../src/config/definitions';
import { InvalidSettingsError, Settings } from '../../src/config/settings';
import { compose, composeText, ROOT, type ComposeService } from './deployment-files';

const { services } = compose;
const stores = ['postgres', 'redis'];
const scaled = [...ROLES, ...stores];

function service(name: string): ComposeService {
  const found = services[name];
  if (found === undefined) throw new Error(`there is no service ${name}`);
  return found;
}

/** A container's environment as Compose would fill it in from `variables`. */
function environmentOf(name: string, variables: Readonly<Record<string, string>>): Record<string, string> {
  const fill = (text: string): string =>
    text.replaceAll(/\$\{(\w+):-([^}]*)\}/g, (_, variable: string, fallback: string) => {
      return variables[variable] || fallback;
    });
  return Object.fromEntries(
    Object.entries(service(name).environment).map(([key, value]) => [key, fill(value)]),
  );
}

const seconds = (duration: string): number => Number(/^(\d+)s$/.exec(duration)?.[1]);

describe('docker compose up', () => {
  it('runs one embedded process, which needs nothing else', () => {
    const started = Object.keys(services).filter((name) => service(name).profiles === undefined);
    expect(started).toEqual(['signalbox']);
    expect(service('signalbox')).toEqual({
      build: '.',
      scale: '${EMBEDDED_PROCESSES:-1}',
      init: true,
      restart: 'unless-stopped',
      stop_grace_period: '20s',
      env_file: [{ path: '.env', required: false }],
      environment: { HOST: '0.0.0.0', ALLOW_ANONYMOUS: 'true' },
      ports: ['127.0.0.1:3000:3000'],
      volumes: ['signalbox-data:/data'],
    });
    const settings = Settings.load(environmentOf('signalbox', {}));
    expect(settings).toMatchObject({ isScaled: false, ROLES });
  });

  it('starts without a variable that only the other profile needs', () => {
    // Compose fills in variables before it looks at profiles (https://github.com/docker/compose/issues/11977).
    const filledIn = composeText.replaceAll(/^ *#.*$/gm, '');
    expect(filledIn.match(/\$\{\w+/g)?.length).toBeGreaterThan(0);
    expect(filledIn.match(/\$\{\w+(?!\w|:-)[^}]*\}/g)).toBeNull();
  });
});

describe('docker compose --profile scale up', () => {
  it('runs PostgreSQL, Redis and one process of each role', () => {
    const started = Object.keys(services).filter((name) => service(name).profiles?.includes('scale'));
    expect(started.sort()).toEqual([...scaled].sort());
    for (const name of scaled) expect(service(name)).not.toHaveProperty('scale');
  });

  it('runs all roles from one image, built once', () => {
    expect(ROLES.map((role) => service(role).image)).toEqual(ROLES.map(() => 'signalbox'));
    expect(ROLES.filter((role) => service(role).build !== undefined)).toEqual(['api']);
  });

  it.each(ROLES)('starts role %s once PostgreSQL and Redis are healthy', (role) => {
    expect(service(role)['depends_on']).toEqual({
      postgres: { condition: 'service_healthy' },
      redis: { condition: 'service_healthy' },
    });
  });

  it.each(scaled)('looks after the health of %s, and starts it again', (name) => {
    expect(service(name).healthcheck.test[0]).toMatch(/^CMD/);
    expect(service(name)['restart']).toBe('unless-stopped');
  });

  it('keeps what Redis holds: append-only, and nothing evicted', () => {
    const command = service('redis')['command'] as string[];
    const option = (name: string): string | undefined => command[command.indexOf(name) + 1];
    expect(option('--appendonly')).toBe('yes');
    expect(option('--maxmemory-policy')).toBe('noeviction');
  });

  it('publishes the api on loopback, and the stores not at all', () => {
    const published = scaled.filter((name) => service(name).ports !== undefined);
    expect(published).toEqual(['api']);
    expect(service('api').ports).toEqual(['127.0.0.1:3001:3000']);
    expect(stores.map((name) => service(name).networks)).toEqual([['data'], ['data']]);
    expect(compose.networks['data']).toEqual({ internal: true });
  });

  it.each(ROLES)('gives role %s more time to stop than it takes', (role) => {
    expect(seconds(service(role).stop_grace_period) * 1_000).toBeGreaterThan(
      definitions.SHUTDOWN_GRACE_MS.fallback,
    );
  });

  it.each(ROLES)('takes files, capabilities and new privileges from role %s', (role) => {
    expect(service(role)).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
  });

  it('declares the volumes and networks that services name', () => {
    const all = Object.values(services);
    const mounted = all.flatMap((one) => one.volumes ?? []).map((volume) => volume.split(':')[0] as string);
    const volumes = mounted.filter((source) => !source.startsWith('./'));
    expect(Object.keys(compose.volumes).sort()).toEqual(volumes.sort());
    const networks = new Set(all.flatMap((one) => one.networks ?? []));
    expect(new Set(Object.keys(compose.networks))).toEqual(networks);
  });
});

describe('docker compose --profile observability up', () => {
  const added = ['prometheus', 'grafana'];

  it('adds Prometheus and Grafana, on loopback only', () => {
    const started = Object.keys(services).filter((name) => service(name).profiles?.includes('observability'));
    expect(started.sort()).toEqual([...added].sort());
    expect(added.flatMap((name) => service(name).ports)).toEqual([
      '127.0.0.1:9090:9090',
      '127.0.0.1:3002:3000',
    ]);
  });

  it('gives them files that are there', () => {
    const mounted = added
      .flatMap((name) => service(name).volumes ?? [])
      .filter((volume) => volume.startsWith('./'));
    expect(mounted.length).toBeGreaterThan(3);
    for (const volume of mounted) {
      const [source = ''] = volume.split(':');
      expect([source, existsSync(join(ROOT, source))]).toEqual([source, true]);
    }
  });
});

describe('the environment of the scaled profile', () => {
  const ADMIN_TOKEN = '0123456789abcdef';
  const AUTH_SECRET = '0123456789abcdef0123456789abcdef';

  const ENCRYPTION_KEY = Buffer.alloc(32, 'a key').toString('base64');

  it.each(ROLES)('makes a process of role %s alone', (role) => {
    const secrets = { ADMIN_TOKEN, AUTH_SECRET, ENCRYPTION_KEY, POSTGRES_PASSWORD: 'abc123' };
    const environment = environmentOf(role, secrets);
    expect(Object.keys(environment).filter((name) => !(name in definitions))).toEqual([]);
    expect(Settings.load(environment)).toMatchObject({
      ROLES: [role],
      isScaled: true,
      isProduction: true,
      ENCRYPTION_KEY: Buffer.from(ENCRYPTION_KEY, 'base64'),
      DATABASE_URL: 'postgres://signalbox:abc123@postgres:5432/signalbox',
    });
  });

  it.each(ROLES)('lets no process of role %s start without a credential', (role) => {
    expect(() => Settings.load(environmentOf(role, {}))).toThrow(InvalidSettingsError);
    expect(() => Settings.load(environmentOf(role, {}))).toThrow('set ADMIN_TOKEN');
  });

  it('says the same password to PostgreSQL and to whoever asks it', () => {
    const variables = { POSTGRES_PASSWORD: 'abc123' };
    expect(environmentOf('postgres', variables)).toEqual({
      POSTGRES_USER: 'signalbox',
      POSTGRES_DB: 'signalbox',
      POSTGRES_PASSWORD: 'abc123',
    });
    const { POSTGRES_PASSWORD } = environmentOf('postgres', {});
    expect(environmentOf('api', {})['DATABASE_URL']).toContain(`:${POSTGRES_PASSWORD}@postgres:`);
  });
});

describe('the health check of a role', () => {
  it.each([
    [200, 0],
    [503, 1],
  ])('turns %d from /readyz into exit code %d', async (status, code) => {
    const server = createServer((request, response) => {
      response.writeHead(request.url === '/readyz' ? status : 404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const [, , ...parameters] = service('api').healthcheck.test;
    const { port } = server.address() as AddressInfo;
    const here = parameters.map((text) => text.replace(':3000/', `:${port}/`));
    const exit = await promisify(execFile)(process.execPath, here).then(
      () => 0,
      (error: { code: number }) => error.code,
    );
    server.close();
    expect(exit).toBe(code);
  });
});
