import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { Database } from '../../src/database/database';
import { Draining } from '../../src/health/draining';
import { startChildService } from '../harness/child-service';
import { eventually } from '../harness/eventually';
import { answer, FakeDestination } from '../harness/fake-destination';
import { runBesideSqlite } from '../harness/run-beside';
import { startService, stopServices, type RunningService } from '../harness/service';
import { payoutFailed, ServiceClient } from '../harness/service-client';
import { temporaryFolder } from '../harness/temporary-folder';
import { errorShape } from './error-shape';

const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

afterEach(stopServices);

interface Details {
  readonly accepting: { readonly status: string };
  readonly database: { readonly status: string; readonly message?: string };
  readonly deliveries: { readonly status: string; readonly oldest_due_at: string | null };
  readonly breakers: { readonly status: string; readonly breakers: readonly Record<string, unknown>[] };
  readonly sources: { readonly status: string; readonly pages: readonly Record<string, unknown>[] };
}

async function readiness(client: ServiceClient): Promise<{ status: number; details: Details }> {
  const { status, body } = await client.get<{ details: Details }>('/readyz');
  return { status, details: body.details };
}

describe('promise 9: probes tell the truth', () => {
  it('says 200 and what it looked at where all is well', async () => {
    const { client } = await startService();
    const { status, details } = await readiness(client);
    expect(status).toBe(200);
    expect(details).toEqual({
      accepting: { status: 'up' },
      database: { status: 'up' },
      deliveries: { status: 'up', oldest_due_at: null, oldest_pending_since: null },
      queues: { status: 'up' },
      roles: { status: 'up', is_leader: true, roles: ['api', 'scheduler', 'worker', 'notifier'] },
      breakers: {
        status: 'up',
        breakers: [
          {
            name: 'pagerduty',
            state: 'closed',
            retry_at: null,
            transitions: { open: 0, half_open: 0, closed: 0 },
          },
        ],
      },
      sources: {
        status: 'up',
        pages: ['spreedly', 'braze'].map(
          (page) => expect.objectContaining({ page, failing_since: null }) as unknown,
        ),
      },
      monitors: { status: 'up', running: 0, waiting: 0, lag: null, held_since: null },
    });
  });

  it('says 503 while the process stops, and is still alive', async () => {
    const { app, client } = await startService();
    app.get(Draining).start();
    const refused = await client.get('/readyz');
    expect(refused.status).toBe(503);
    expect(refused.body).toEqual({
      ...errorShape(503, refused.headers.get('x-request-id')),
      code: 'not_ready',
      details: expect.objectContaining({
        accepting: { status: 'down', message: 'the process is stopping' },
        database: { status: 'up' },
      }) as unknown,
    });
    expect(await client.get('/healthz')).toMatchObject({ status: 200, body: { ok: true } });
    expect(await client.stripe(payoutFailed('evt_1'))).toMatchObject({ status: 200 });
  });

  it('says 503 where migrations are missing', async () => {
    const { client, databasePath } = await startService();
    await runBesideSqlite(databasePath, 'DELETE FROM migrations');
    await eventually(async () => {
      const { status, details } = await readiness(client);
      expect([status, details.database]).toEqual([
        503,
        { status: 'down', message: 'migrations are missing' },
      ]);
    });
    expect((await client.get('/healthz')).status).toBe(200);
  });

  it('says 503, and no 500, where the database cannot be read', async () => {
    const { client, databasePath } = await startService();
    await runBesideSqlite(databasePath, 'ALTER TABLE deliveries RENAME TO lost');
    const { status, details } = await readiness(client);
    expect([status, details.deliveries.status, details.database.status]).toEqual([503, 'down', 'up']);
    expect((await client.get('/healthz')).status).toBe(200);
  });

  it('says 503 while the database takes no writes, stays alive, refuses to accept, and comes back', async () => {
    const databasePath = join(temporaryFolder(), 'signalbox.db');
    const child = await startChildService({ DATABASE_URL: `sqlite:${databasePath}` });
    const client = new ServiceClient(child.url);
    const other = new Sqlite(databasePath);
    try {
      expect((await readiness(client)).status).toBe(200);
      other.exec('BEGIN IMMEDIATE');
      await eventually(async () => {
        const { status, details } = await readiness(client);
        expect([status, details.database.status]).toEqual([503, 'down']);
      });
      const refused = await client.stripe(payoutFailed('evt_1'));
      expect(refused).toMatchObject({ status: 503, body: { code: 'storage_unavailable' } });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      // Whoever restarts a process after seconds without a sign of life must not do it now.
      for (let count = 0; count < 5; count++) {
        const [alive] = await Promise.all([
          client.get('/healthz', { signal: AbortSignal.timeout(2_000) }),
          client.stripe(payoutFailed(`evt_${count}`)),
        ]);
        expect(alive.status).toBe(200);
      }
      other.exec('ROLLBACK');
      await eventually(async () => {
        expect((await readiness(client)).status).toBe(200);
      });
      expect(await client.stripe(payoutFailed('evt_1'))).toMatchObject({
        status: 200,
        body: { received: true },
      });
      expect((await client.events()).map(({ event_id }) => event_id)).toEqual(['evt_1']);
    } finally {
      other.close();
      await child.end('SIGKILL');
    }
  }, 120_000);

  it('a full disk is a 503 that can be tried again, and leaves nothing half stored', async () => {
    const { app, client } = await startService();
    const database = app.get(Database);
    const limit = (pages: number): Promise<unknown> =>
      database.write((tx) => tx.query(`PRAGMA max_page_count = ${pages}`));
    await limit(1);
    const event = { ...payoutFailed('evt_1'), filler: 'x'.repeat(900_000) };
    const refused = await client.stripe(event);
    expect(refused).toMatchObject({ status: 503, body: { code: 'storage_unavailable' } });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await client.events()).toEqual([]);
    expect(await client.deliveries()).toEqual([]);
    await limit(1_000_000);
    expect(await client.stripe(event)).toMatchObject({ status: 200, body: { received: true } });
  });
});

describe('promise 9: neither probe asks a vendor', () => {
  let pages: Server;
  let destination: FakeDestination;
  let asked = 0;
  beforeAll(async () => {
    destination = await FakeDestination.start(answer(500));
    pages = createServer((_request, response) => {
      asked++;
      response.writeHead(503).end();
    });
    await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    pages.closeAllConnections();
    pages.close();
    await destination.stop();
  });

  const start = (): Promise<RunningService> => {
    const url = `http://127.0.0.1:${(pages.address() as AddressInfo).port}/api/v2/summary.json`;
    return startService({
      PAGERDUTY_EVENTS_URL: destination.url,
      SPREEDLY_STATUS_SUMMARY_URL: url,
      BRAZE_STATUS_SUMMARY_URL: url,
      STATUS_POLL_CRON: '0 0 1 1 *',
      PAGE_TIMEOUT_MS: '1000',
      BREAKER_RESET_MS: '60000',
      DELIVERY_MAX_ATTEMPTS: '50',
    });
  };

  it('however often it is asked', async () => {
    const { client } = await start();
    asked = 0;
    for (let count = 0; count < 20; count++) {
      expect((await client.get('/readyz')).status).toBe(200);
      expect((await client.get('/healthz')).status).toBe(200);
    }
    expect([asked, destination.received.length]).toEqual([0, 0]);
  });

  it('vendors that are down leave it ready, with details that say so', async () => {
    const { client } = await start();
    expect((await client.post('/ingest/pull-status')).status).toBe(502);
    await client.stripe(payoutFailed('evt_1'));
    await eventually(async () => {
      const { status, details } = await readiness(client);
      expect(status).toBe(200);
      expect(details.breakers.status).toBe('degraded');
      expect(details.breakers.breakers).toContainEqual(
        expect.objectContaining({
          name: 'pagerduty',
          state: 'open',
          retry_at: expect.stringMatching(ISO) as unknown,
        }),
      );
      expect(details.deliveries.oldest_due_at).toMatch(ISO);
      expect(details.sources).toMatchObject({
        status: 'degraded',
        pages: [
          {
            page: 'spreedly',
            source: 'spreedly_status',
            failing_since: expect.stringMatching(ISO) as unknown,
            last_error_code: 'http_5xx',
          },
          { page: 'braze', last_success_at: null, is_stale: false },
        ],
      });
    });
    expect((await client.get('/healthz')).body).toEqual({ ok: true });
  });
});
