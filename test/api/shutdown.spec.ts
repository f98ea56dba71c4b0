import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { startChildService, type ChildService } from '../harness/child-service';
import { eventually } from '../harness/eventually';
import { answer, FakeDestination, hang } from '../harness/fake-destination';
import type { Environment } from '../../src/config/settings';
import { chargeSucceeded, payoutFailed, ServiceClient } from '../harness/service-client';
import { temporaryFolder } from '../harness/temporary-folder';
import { hasRead, request } from './raw-http';

let destination: FakeDestination;
let databasePath: string;
const children = new Set<ChildService>();
const sockets = new Set<Socket>();

beforeEach(async () => {
  destination = await FakeDestination.start();
  databasePath = join(temporaryFolder(), 'signalbox.db');
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all([...children].map((child) => child.end('SIGKILL')));
  children.clear();
  await destination.stop();
});

async function start(environment: Environment = {}): Promise<{ child: ChildService; client: ServiceClient }> {
  const child = await startChildService({
    DATABASE_URL: `sqlite:${databasePath}`,
    PAGERDUTY_EVENTS_URL: destination.url,
    SHUTDOWN_GRACE_MS: '6000',
    ...environment,
  });
  children.add(child);
  return { child, client: new ServiceClient(child.url) };
}

/** What the database holds after the end of the process. */
function stored<Row>(sql: string): Row[] {
  const database = new Sqlite(databasePath, { readonly: true });
  const rows = database.prepare(sql).all() as Row[];
  database.close();
  return rows;
}

function open(url: string, bytes?: Buffer): Promise<Socket> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) }, () => {
      if (bytes !== undefined) socket.write(bytes);
      resolve(socket);
    });
    socket.on('error', () => undefined);
    sockets.add(socket);
  });
}

const messages = ({ log }: ChildService): unknown[] => log.map(({ msg }) => msg);

describe('promise 10: stop is clean', () => {
  it('under load: drains, then closes, and everything that was acknowledged is stored', async () => {
    const { child, client } = await start({ SHUTDOWN_DRAIN_MS: '2000' });
    const acknowledged: string[] = [];
    const statuses = new Set<number>();
    let isOver = false;
    const send = async (sender: number): Promise<void> => {
      for (let count = 0; !isOver; count++) {
        const id = `evt_${sender}_${count}`;
        const sent = await client
          .stripe(count % 5 === 0 ? payoutFailed(id) : chargeSucceeded(id))
          .catch(() => null);
        if (sent === null) continue;
        statuses.add(sent.status);
        if (sent.status === 200) acknowledged.push(id);
      }
    };
    const senders = Array.from({ length: 8 }, (_, sender) => send(sender));
    await eventually(() => {
      expect(acknowledged.length).toBeGreaterThan(20);
    });

    const ended = child.end('SIGTERM');
    await eventually(async () => {
      expect(await client.get('/readyz')).toMatchObject({
        status: 503,
        body: { code: 'not_ready', details: { accepting: { status: 'down' }, database: { status: 'up' } } },
      });
    });
    const before = acknowledged.length;
    expect(await client.get('/healthz')).toMatchObject({ status: 200, body: { ok: true } });
    expect(await client.get('/events?limit=1')).toMatchObject({ status: 200 });
    await eventually(() => {
      expect(acknowledged.length).toBeGreaterThan(before);
    });
    expect(await ended).toBe(0);
    isOver = true;
    await Promise.all(senders);

    expect([...statuses]).toEqual([200]);
    await expect(client.get('/healthz')).rejects.toThrow();
    const ids = new Set(
      stored<{ event_id: string }>('SELECT event_id FROM events').map(({ event_id }) => event_id),
    );
    expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
    expect(stored('SELECT id FROM deliveries WHERE lease_until IS NOT NULL')).toEqual([]);
    expect(messages(child).slice(-1)).toEqual(['stopped']);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('on %s, and a second signal changes nothing', async (signal) => {
    const { child } = await start({ SHUTDOWN_DRAIN_MS: '300' });
    const ended = child.end(signal);
    await eventually(() => {
      expect(messages(child)).toContain('stopping');
    });
    child.process.kill('SIGTERM');
    child.process.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(messages(child).filter((msg) => msg === 'stopping')).toHaveLength(1);
    expect(messages(child).slice(-1)).toEqual(['stopped']);
  });

  it('waits for a delivery that is in flight', async () => {
    destination.always((received, response) => setTimeout(() => answer(202)(received, response), 700));
    const { child, client } = await start();
    await client.stripe(payoutFailed('evt_1'));
    await eventually(() => {
      expect(destination.received).toHaveLength(1);
    });
    expect(await child.end('SIGTERM')).toBe(0);
    expect(stored('SELECT status, lease_until FROM deliveries')).toEqual([
      { status: 'delivered', lease_until: null },
    ]);
  });

  it.each([
    ['without draining', {}],
    ['after draining', { SHUTDOWN_DRAIN_MS: '1500' }],
  ])(
    'does not wait for a destination that hangs: releases its delivery for the next start, %s',
    async (_, environment) => {
      destination.always(hang);
      const slow = { DELIVERY_TIMEOUT_MS: '60000', SHUTDOWN_GRACE_MS: '5000' };
      const first = await start({ ...slow, ...environment });
      await first.client.stripe(payoutFailed('evt_1'));
      await eventually(() => {
        expect(destination.received).toHaveLength(1);
      });
      expect(await first.child.end('SIGTERM')).toBe(0);
      expect(messages(first.child).slice(-1)).toEqual(['stopped']);
      expect(stored('SELECT status, lease_until FROM deliveries')).toEqual([
        { status: 'pending', lease_until: null },
      ]);

      destination.always(answer(202));
      const second = await start(slow);
      await eventually(async () => {
        expect(await second.client.event('evt_1')).toMatchObject({ delivered_to: ['pagerduty'] });
      });
    },
  );

  it('gives up a status page that is being fetched', async () => {
    const pages = createServer(() => undefined);
    await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(pages.address() as AddressInfo).port}/api/v2/summary.json`;
    const { child, client } = await start({
      SPREEDLY_STATUS_SUMMARY_URL: url,
      BRAZE_STATUS_SUMMARY_URL: url,
      PAGE_TIMEOUT_MS: '60000',
    });
    const asked = once(pages, 'request');
    const poll = client.post('/ingest/pull-status');
    await asked;
    expect(await child.end('SIGTERM')).toBe(0);
    expect((await poll).status).toBe(502);
    pages.closeAllConnections();
    pages.close();
  });

  it.each<[string, Buffer | undefined]>([
    ['a connection on which nothing ever came', undefined],
    ['half a head', Buffer.from('POST /ingest/stripe HTTP/1.1\r\nHo')],
    [
      'half a body',
      request('POST', '/ai/summarize', ['Content-Type: application/json', 'Content-Length: 9']),
    ],
    ['a kept connection', Buffer.from('GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n')],
  ])('is not held up by %s', async (_, bytes) => {
    const { child, client } = await start({ SHUTDOWN_GRACE_MS: '6000', REQUEST_TIMEOUT_MS: '60000' });
    await open(child.url, bytes);
    await hasRead({ client });
    expect(await child.end('SIGTERM')).toBe(0);
    expect(messages(child).slice(-1)).toEqual(['stopped']);
  });
});
