import { Database } from '../../src/database/database';
import { change, restart } from '../delivery/paging-service';
import { startService, stopServices, type RunningService } from '../harness/service';
import { ENCRYPTION_KEY } from '../harness/store';
import { MonitorClient } from './monitor-client';
import { TargetServers } from './target-server';

const TOKEN = 'Bearer of-nobody-elses-business';
const OTHER_KEY = Buffer.alloc(32, 'another one').toString('base64');
const MASKED = { Authorization: '[redacted]', accept: '[redacted]' };

const servers = new TargetServers();
let url: string;
/** What the target was shown, newest last. */
let shown: (string | undefined)[];

beforeAll(async () => {
  url = await servers.http((request, response) => {
    shown.push(request.headers.authorization);
    response.end();
  });
});
beforeEach(() => {
  shown = [];
});
afterEach(stopServices);
afterAll(() => servers.close());

const start = (): Promise<RunningService> => startService({ ALLOW_PRIVATE_TARGETS: 'true' });

/** Adds a monitor whose regular checks hardly ever come. */
async function addTo(service: RunningService): Promise<string> {
  const headers = { Authorization: TOKEN, accept: 'text/plain' };
  const rare = { url, interval_s: 86_400, retry_s: 86_400, headers };
  return (await new MonitorClient(service).add(rare)).id;
}

async function checkNow(service: RunningService, id: string): Promise<unknown> {
  return (await new MonitorClient(service).post(`/monitors/${id}/check`)).body;
}

interface StoredHeaders {
  readonly definition: string;
  readonly header_values: string | null;
}

async function storedHeaders({ app }: RunningService): Promise<StoredHeaders[]> {
  return app.get(Database).read.query('SELECT definition, header_values FROM monitors');
}

const SEALED = [
  {
    definition: expect.stringContaining(
      '"headers":{"Authorization":"[redacted]","accept":"[redacted]"}',
    ) as unknown,
    header_values: expect.stringMatching(/^sealed:1:/) as unknown,
  },
];

describe('the values of a monitor’s headers', () => {
  it('are sent as they were given, and stored sealed', async () => {
    const service = await start();
    const id = await addTo(service);
    expect(await checkNow(service, id)).toMatchObject({ state: 'up' });
    expect(shown.at(-1)).toBe(TOKEN);
    expect(await storedHeaders(service)).toEqual(SEALED);
    expect(JSON.stringify(await storedHeaders(service))).not.toContain(TOKEN);
  });

  it('that no key opens make checks unknown, ask nobody, and can be set anew', async () => {
    const first = await start();
    const id = await addTo(first);
    await checkNow(first, id);
    const service = await restart(first, { ENCRYPTION_KEY: OTHER_KEY });
    expect(service.log).toContainEqual(
      expect.objectContaining({ level: 'error', table: 'monitors', unreadable: 1 }),
    );
    const asked = shown.length;
    expect(await checkNow(service, id)).toMatchObject({ state: 'unknown', reason: 'headers_unreadable' });
    expect(shown).toHaveLength(asked);
    const client = new MonitorClient(service);
    expect(await client.get(`/monitors/${id}`)).toMatchObject({ body: { headers: MASKED, incident: null } });
    const headers = { Authorization: 'Bearer of-today' };
    expect(await client.patch(`/monitors/${id}`, { headers })).toMatchObject({ status: 200 });
    expect(await checkNow(service, id)).toMatchObject({ state: 'up' });
    expect(shown.at(-1)).toBe('Bearer of-today');
  });

  it('of the time before they were sealed are sealed by the start, and sent as before', async () => {
    const first = await start();
    const id = await addTo(first);
    const [stored] = await storedHeaders(first);
    const headers = { Authorization: TOKEN, accept: 'text/plain' };
    const plain = JSON.stringify({ ...(JSON.parse(stored!.definition) as object), headers });
    await change(first, 'UPDATE monitors SET definition = ?', [plain]);
    await change(first, 'ALTER TABLE monitors DROP COLUMN header_values');
    await change(first, `DELETE FROM migrations WHERE name = 'MonitorHeaders1764115200000'`);
    // Databases of tests are used again with their counters set back.
    if (globalThis.PROFILE === 'scaled') {
      await change(first, `SELECT setval(pg_get_serial_sequence('migrations', 'id'), 1000)`);
    }
    const service = await restart(first);
    expect(await storedHeaders(service)).toEqual(SEALED);
    expect(await checkNow(service, id)).toMatchObject({ state: 'up' });
    expect(shown.at(-1)).toBe(TOKEN);
  });

  it('are opened with the key before the current one, which then seals them', async () => {
    const first = await start();
    const id = await addTo(first);
    const second = await restart(first, {
      ENCRYPTION_KEY: OTHER_KEY,
      ENCRYPTION_KEY_PREVIOUS: ENCRYPTION_KEY,
    });
    const third = await restart(second, { ENCRYPTION_KEY_PREVIOUS: undefined });
    expect(await checkNow(third, id)).toMatchObject({ state: 'up' });
    expect(shown.at(-1)).toBe(TOKEN);
  });

  if (globalThis.PROFILE === 'scaled') {
    it('are not taken without ENCRYPTION_KEY, and monitors without headers are', async () => {
      const service = await startService({ ALLOW_PRIVATE_TARGETS: 'true', ENCRYPTION_KEY: undefined });
      const client = new MonitorClient(service);
      const refusal = { status: 503, body: { code: 'encryption_not_configured' } };
      const monitor = { name: 'API', url, paused: true };
      const headers = { Authorization: TOKEN };
      expect(await client.post('/monitors', { ...monitor, headers })).toMatchObject(refusal);
      const { id } = await client.add(monitor);
      expect(await client.patch(`/monitors/${id}`, { headers })).toMatchObject(refusal);
    });
  }
});
