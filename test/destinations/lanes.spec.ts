import { Settings } from '../../src/config/settings';
import { createApp } from '../../src/create-app';
import { AccountLanes, type LaneBounds } from '../../src/delivery/account-lanes';
import { ClaimsRepository } from '../../src/delivery/claims.repository';
import { Tracing } from '../../src/telemetry/tracing/tracing';
import { DeliveryMetrics } from '../../src/delivery/delivery-metrics';
import { DestinationClients } from '../../src/destinations/destination-clients';
import { SYSTEM } from '../../src/accounts/actor';
import { DestinationsRepository } from '../../src/destinations/destinations.repository';
import type { DeliveryEntity } from '../../src/outbox/delivery.entity';
import { OutboxRepository } from '../../src/outbox/outbox.repository';
import { Recorder } from '../../src/recording/recorder';
import { incident, record } from '../delivery/paging-service';
import { eventually } from '../harness/eventually';
import { stopServices } from '../harness/service';
import { ENCRYPTION_KEY, freshStore } from '../harness/store';
import { add, SECRET, startSending } from './own-destinations';
import { Receiver, reply } from './receiver';

const HOUR = 3_600_000;

let receiver: Receiver;
beforeEach(async () => {
  receiver = await Receiver.start();
});
afterEach(async () => {
  await stopServices();
  await receiver.stop();
});

describe('promise 6: a sick destination of an account', () => {
  it('hurts no other, and stands neither in readiness nor in its way', async () => {
    const service = await startSending(receiver, { BREAKER_FAILURES: '1', BREAKER_RESET_MS: String(HOUR) });
    receiver.reaction = (received, response) => {
      if (received.path === '/sick') reply(500)(received, response);
      if (received.path !== '/hangs' && received.path !== '/sick') reply(200)(received, response);
    };
    for (const name of ['sick', 'hangs', 'well']) {
      await add(service, 'webhook', { url: `${receiver.url}/${name}`, secret: SECRET }, { name });
    }
    const ids = Array.from({ length: 20 }, (_, n) => `inc-${n}`);
    await record(service, ...ids.map((id) => incident(id)));
    await eventually(() => expect(receiver.on('/well')).toHaveLength(20));
    await eventually(() =>
      expect(service.log).toContainEqual(
        expect.objectContaining({
          msg: 'circuit breaker opened',
          breaker: expect.stringMatching(/^webhook-/) as unknown,
        }),
      ),
    );
    const { status, body } = await service.client.get('/readyz');
    expect(status).toBe(200);
    expect((body['details'] as Record<string, unknown>)['breakers']).toMatchObject({
      status: 'up',
      breakers: [{ name: 'pagerduty' }],
    });
    await eventually(async () =>
      expect(await service.client.deliveries('?destination=pagerduty&status=delivered')).toHaveLength(20),
    );
  });
});

/** A service that delivers nothing but by the lanes of this test, and destinations of its account, by name. */
class Lanes {
  private constructor(
    readonly app: Awaited<ReturnType<typeof createApp>>,
    readonly lanes: AccountLanes,
    private readonly ids: ReadonlyMap<string, string>,
  ) {}

  static async start(names: readonly string[], bounds: LaneBounds): Promise<Lanes> {
    const settings = Settings.load({
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      ...(await freshStore()),
      ENCRYPTION_KEY,
      ALLOW_PRIVATE_TARGETS: 'true',
      BREAKER_FAILURES: '1',
      BREAKER_RESET_MS: String(HOUR),
    });
    const app = await createApp(settings);
    await app.init();
    const ids = new Map<string, string>();
    for (const name of names) {
      const url = `${receiver.url}/${name}`;
      const added = await app.get(DestinationsRepository).add(SYSTEM, {
        origin: 'api',
        ...{ account_id: 'default', name, type: 'webhook', enabled: true },
        ...{ settings: JSON.stringify({ url, secret: SECRET, previous_secrets: [] }), place: url },
      });
      if (typeof added === 'string') throw new Error(added);
      ids.set(name, added.row.id);
    }
    const policy = { maxAttempts: 3, baseMs: 1, maxMs: 1, maxAgeMs: HOUR };
    const told = { metrics: app.get(DeliveryMetrics), tracing: app.get(Tracing) };
    const options = { concurrency: 2, timeoutMs: 10_000, policy, ...told };
    return new Lanes(
      app,
      new AccountLanes(app.get(DestinationClients), app.get(ClaimsRepository), options, bounds),
      ids,
    );
  }

  async record(id: string): Promise<void> {
    await this.app.get(Recorder).record([incident(id)]);
  }

  /** Looks until the deliveries to some of the destinations are done, and says how many lanes there were at most. */
  async lookUntilDelivered(names: readonly string[]): Promise<number> {
    let most = 0;
    await eventually(async () => {
      await this.lanes.look();
      most = Math.max(most, this.lanes.all.length);
      const pending = await this.pending();
      expect(
        names.filter((name) => pending.some(({ destination }) => destination === this.ids.get(name))),
      ).toEqual([]);
    });
    return most;
  }

  pending(): Promise<DeliveryEntity[]> {
    return this.app.get(OutboxRepository).list({ status: 'pending', limit: 500 });
  }

  async stop(): Promise<void> {
    await this.lanes.stop(Date.now());
    await this.app.close();
  }
}

describe('lanes of accounts’ destinations', () => {
  let lanes: Lanes;
  afterEach(() => lanes.stop());

  it('are never more than there may be, and serve all the same more destinations than that', async () => {
    const names = Array.from({ length: 12 }, (_, n) => `d-${n}`);
    lanes = await Lanes.start(names, { maxLanes: 3, idleMs: HOUR });
    for (const id of ['one', 'two']) await lanes.record(id);
    expect(await lanes.lookUntilDelivered(names)).toBeLessThanOrEqual(3);
    for (const name of names) expect(receiver.on(`/${name}`)).toHaveLength(2);
  });

  it('make room where their destination is sick, and do not come back before its time', async () => {
    receiver.reaction = (received, response) => {
      reply(received.path.startsWith('/sick') ? 500 : 200)(received, response);
    };
    const well = ['well-1', 'well-2', 'well-3'];
    lanes = await Lanes.start(['sick-1', 'sick-2', 'sick-3', ...well], { maxLanes: 2, idleMs: HOUR });
    await lanes.record('one');
    expect(await lanes.lookUntilDelivered(well)).toBeLessThanOrEqual(2);
    await lanes.record('two');
    await lanes.lookUntilDelivered(well);
    // One request each, at most two where both were in flight when the first failed.
    for (const name of ['sick-1', 'sick-2', 'sick-3']) {
      expect(receiver.on(`/${name}`).length).toBeLessThanOrEqual(2);
    }
    expect(await lanes.pending()).toHaveLength(2 + 3 * 2);
  });

  it('go when they have had nothing to do for a while, and come when there is something', async () => {
    lanes = await Lanes.start(['d'], { maxLanes: 3, idleMs: 1 });
    expect(lanes.lanes.all).toEqual([]);
    await lanes.record('one');
    await lanes.lookUntilDelivered(['d']);
    await eventually(async () => {
      await lanes.lanes.look();
      expect(lanes.lanes.all).toEqual([]);
    });
    await lanes.record('two');
    await lanes.lookUntilDelivered(['d']);
    expect(receiver.on('/d')).toHaveLength(2);
  });
});

describe('accounts with destinations', () => {
  it('get their own events each, and no others', async () => {
    const service = await startSending(receiver);
    const accounts = Array.from({ length: 40 }, (_, n) => `account-${n}`);
    for (const account_id of accounts) {
      await add(service, 'webhook', { url: `${receiver.url}/${account_id}`, secret: SECRET }, { account_id });
    }
    await record(service, ...accounts.map((account_id) => incident(`of-${account_id}`, { account_id })));
    await eventually(() => {
      for (const account of accounts) {
        const told = receiver
          .on(`/${account}`)
          .map(({ body }) => (JSON.parse(body) as { data: unknown }).data);
        expect(told).toMatchObject([{ account_id: account, event_id: `of-${account}` }]);
      }
    });
    await record(service, incident('of-nobody', { account_id: 'without' }));
    expect(await service.client.deliveries('?account_id=without')).toMatchObject([
      { destination: 'pagerduty' },
    ]);
  });
});
