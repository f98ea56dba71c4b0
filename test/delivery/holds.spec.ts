import { add, SECRET, startSending } from '../destinations/own-destinations';
import { Receiver, reply } from '../destinations/receiver';
import { startChildService } from '../harness/child-service';
import { eventually } from '../harness/eventually';
import { startService, stopServices, type RunningService } from '../harness/service';
import type { ShownDelivery } from '../harness/service-client';
import type { NormalizedEvent } from '../../src/normalization/normalized-event';
import { WakeSignal } from '../../src/outbox/wake-signal';
import type { RouteFields } from '../../src/routing/route-fields';
import { ahead, setOnlyRoute } from '../routing/only-route';
import { change, incident, inShort, over, record } from './paging-service';

const HOUR_S = 3_600;

let receiver: Receiver;
let service: RunningService;

beforeAll(async () => {
  receiver = await Receiver.start();
  service = await startSending(receiver);
});

afterAll(async () => {
  await stopServices();
  await receiver.stop();
});

/** An account with one webhook, whose events go by one route. The account and the event have the same name. */
class Account {
  private constructor(
    readonly name: string,
    readonly destination: string,
  ) {}

  static async open(name: string, route: Partial<RouteFields> = {}): Promise<Account> {
    const account = new Account(name, await addWebhook(name, name));
    await account.route(route);
    return account;
  }

  /** Events go to the account's webhook, unless the route says otherwise. */
  route(route: Partial<RouteFields>): Promise<void> {
    return setOnlyRoute(service, this.name, { to: [this.name], ...route });
  }

  async fails(changes: Partial<NormalizedEvent> = {}): Promise<void> {
    const started_at = Date.now();
    await record(service, incident(this.name, { account_id: this.name, started_at, ...changes }));
  }

  async isWell(): Promise<void> {
    await record(service, over(this.name, { account_id: this.name }));
  }

  /** Once they are as they should be. */
  async deliveries(...expected: readonly string[]): Promise<ShownDelivery[]> {
    return eventually(async () => {
      const deliveries = await this.read();
      expect(inShort(deliveries)).toEqual(expected);
      return deliveries;
    });
  }

  /** As they are at the moment, oldest first. */
  async read(): Promise<ShownDelivery[]> {
    const path = `/events/${this.name}?account_id=${this.name}`;
    return (await service.client.get<{ deliveries: ShownDelivery[] }>(path)).body.deliveries;
  }

  /** What its webhook was told. */
  get told(): string[] {
    return toldAt(this.name);
  }
}

async function addWebhook(account_id: string, path: string): Promise<string> {
  const settings = { url: `${receiver.url}/${path}`, secret: SECRET };
  return (await add(service, 'webhook', settings, { account_id, name: path })).id;
}

function toldAt(path: string): string[] {
  return receiver.on(`/${path}`).map(({ body }) => (JSON.parse(body) as { type: string }).type);
}

/** Moves everything of the database into the past. */
async function letPass(seconds: number): Promise<void> {
  const ms = seconds * 1_000;
  await change(service, 'UPDATE events SET started_at = started_at - ?', [ms]);
  await change(
    service,
    `UPDATE deliveries SET created_at = created_at - ?, due_at = due_at - ?, held_until = held_until - ?,
      finished_at = finished_at - ?`,
    [ms, ms, ms, ms],
  );
  service.app.get(WakeSignal).raise();
}

const inAnHour = (): string => ahead(HOUR_S * 1_000);

const A_ROUTE = expect.stringMatching(/^route-/) as unknown;

describe('a muted route', () => {
  it('holds what it would send, says so, and sends it as soon as the mute is lifted; ends always pass', async () => {
    const mute_until = inAnHour();
    const account = await Account.open('muted', { mute_until });
    await account.fails();
    const [held] = await account.deliveries('trigger pending');
    expect(held).toMatchObject({
      hold: 'mute',
      held_until: mute_until,
      next_attempt_at: mute_until,
      route: A_ROUTE,
    });
    const { body } = await service.client.get<{ details: unknown }>('/readyz');
    const idle = { oldest_due_at: null, oldest_pending_since: null, status: 'up' };
    expect(body.details).toMatchObject({ deliveries: idle });

    await account.route({});
    await account.deliveries('trigger delivered');
    await account.route({ mute_until, to: [] });
    await account.isWell();
    await account.deliveries('trigger delivered', 'resolve delivered');
    expect(account.told).toEqual(['event.triggered', 'event.resolved']);
  });

  it('sends by itself what is still open when it ends', async () => {
    const account = await Account.open('muted-for-a-moment', { mute_until: ahead(1_000) });
    await account.fails();
    await account.deliveries('trigger delivered');
  });

  it('sends nothing of what is over by then, nor of what is not wanted any more', async () => {
    const mute_until = inAnHour();
    const account = await Account.open('muted-and-over', { mute_until });
    await account.fails();
    await account.isWell();
    await account.deliveries(
      'trigger skipped (resolved_before_sent)',
      'resolve skipped (resolved_before_sent)',
    );
    const other = await Account.open('muted-and-dropped', { mute_until });
    await other.fails();
    await other.route({ to: [] });
    await other.deliveries('trigger skipped (not_wanted)');
    const { destination } = other;
    const replayed = await service.client.post('/deliveries/replay', { status: 'skipped', destination });
    expect(replayed.body).toEqual({ replayed: 0 });
    await account.route({});
    expect([account.told, other.told]).toEqual([[], []]);
  });

  it('holds further what was given back unsent, and lets go of that too', async () => {
    const account = await Account.open('muted-and-released', { mute_until: inAnHour() });
    await account.fails();
    const [held] = await account.deliveries('trigger pending');
    const now = Date.now();
    await change(service, 'UPDATE deliveries SET claims = 1 WHERE id = ?', [held!.id]);
    await change(
      service,
      `INSERT INTO delivery_attempts (delivery_id, number, started_at, finished_at, outcome)
        VALUES (?, 1, ?, ?, 'released')`,
      [held!.id, now, now],
    );
    await account.route({});
    await account.deliveries('trigger delivered');
  });

  it('leads to where the routes want it by the end of the hold', async () => {
    const account = await Account.open('moved', { mute_until: inAnHour() });
    const now_on_call = await addWebhook('moved', 'moved-on');
    await account.fails();
    await account.deliveries('trigger pending');
    await account.route({ to: ['moved-on'] });
    const [left, taken] = await account.deliveries('trigger skipped (not_wanted)', 'trigger delivered');
    expect([left?.destination, taken?.destination]).toEqual([account.destination, now_on_call]);
    await account.isWell();
    await eventually(() => expect(toldAt('moved-on')).toEqual(['event.triggered', 'event.resolved']));
    expect(account.told).toEqual([]);
  });

  it('gives way to a person who sends an earlier one again', async () => {
    receiver.next(reply(400));
    const account = await Account.open('muted-and-replayed');
    await account.fails();
    const [dead] = await account.deliveries('trigger dead (rejected)');
    await account.route({ mute_until: inAnHour() });
    await account.fails({ summary: 'Still failing' });
    await account.deliveries('trigger dead (rejected)', 'trigger pending');
    expect(await service.client.post(`/deliveries/${dead!.id}/replay`)).toMatchObject({ status: 200 });
    await account.deliveries('trigger dead (rejected)', 'trigger skipped (superseded)', 'trigger delivered');
  });
});

describe('a minimum duration', () => {
  it('sends what has lasted so long, and what gets worse before', async () => {
    const account = await Account.open('lasting', { min_duration_s: HOUR_S });
    await account.fails();
    const [held] = await account.deliveries('trigger pending');
    expect(held).toMatchObject({ hold: 'duration' });
    await letPass(HOUR_S);
    await account.deliveries('trigger delivered');

    const worsening = await Account.open('worsening', { min_duration_s: HOUR_S });
    await worsening.fails({ severity: 'warning' });
    await worsening.deliveries('trigger pending');
    await worsening.fails({ severity: 'critical' });
    await worsening.deliveries('trigger delivered');
  });

  it('holds nothing back that got worse under a mute', async () => {
    const account = await Account.open('worse-and-muted', {
      min_duration_s: HOUR_S,
      mute_until: ahead(HOUR_S * 500),
    });
    await account.fails({ severity: 'warning' });
    await account.deliveries('trigger pending');
    await account.fails({ severity: 'critical' });
    await account.deliveries('trigger pending');
    await account.route({ min_duration_s: HOUR_S });
    await account.deliveries('trigger delivered');
  });

  it('sends nothing of what is over before', async () => {
    const account = await Account.open('blip', { min_duration_s: HOUR_S });
    await account.fails();
    await account.isWell();
    await account.deliveries(
      'trigger skipped (resolved_before_sent)',
      'resolve skipped (resolved_before_sent)',
    );
    expect(account.told).toEqual([]);
  });
});

describe('reminders', () => {
  it('tell of what is open again and again, and end with it', async () => {
    const account = await Account.open('reminded', { remind_every_s: HOUR_S });
    await account.fails();
    const [, first] = await account.deliveries('trigger delivered', 'trigger pending');
    expect(first).toMatchObject({ hold: 'reminder', route: A_ROUTE });
    await letPass(HOUR_S);
    await account.deliveries('trigger delivered', 'trigger delivered', 'trigger pending');
    await account.isWell();
    await account.deliveries(
      'trigger delivered',
      'trigger delivered',
      'trigger skipped (resolved_before_sent)',
      'resolve delivered',
    );
    expect(account.told).toEqual(['event.triggered', 'event.triggered', 'event.resolved']);
  });

  it('are not early because routes are edited, and say at once that it got worse', async () => {
    const account = await Account.open('reminded-when-worse', { remind_every_s: HOUR_S });
    await account.fails({ severity: 'warning' });
    await account.deliveries('trigger delivered', 'trigger pending');
    await account.route({ remind_every_s: 2 * HOUR_S });
    await eventually(async () => {
      const [told, waiting] = await account.deliveries('trigger delivered', 'trigger pending');
      const toldAt = Date.parse(String(told?.finished_at));
      expect(Date.parse(String(waiting?.held_until)) - toldAt).toBe(2 * HOUR_S * 1_000);
    });
    await account.fails({ severity: 'critical' });
    await account.deliveries('trigger delivered', 'trigger delivered', 'trigger pending');
  });
});

describe('a fallback', () => {
  async function withFallback(name: string): Promise<{ account: Account; spare: string }> {
    const account = await Account.open(name);
    const spare = `${name}-spare`;
    await addWebhook(name, spare);
    await account.route({ fallback: spare, fallback_after_s: HOUR_S });
    return { account, spare };
  }

  /** Waits until the deliveries to the account's webhook, and those to what stands in for it, are as they should be. */
  function eventuallyAre(
    account: Account,
    expected: { readonly first: readonly string[]; readonly spare: readonly string[] },
  ): Promise<void> {
    return eventually(async () => {
      const { first = [], spare = [] } = Object.groupBy(await account.read(), ({ destination }) =>
        destination === account.destination ? 'first' : 'spare',
      );
      expect({ first: inShort(first), spare: inShort(spare) }).toEqual(expected);
    });
  }

  it('is told at once where the first destination refuses, and told of the end', async () => {
    const { account, spare } = await withFallback('refused');
    receiver.next(reply(400));
    await account.fails();
    await eventually(() => expect(toldAt(spare)).toEqual(['event.triggered']));
    await account.isWell();
    await eventuallyAre(account, {
      first: ['trigger dead (rejected)', 'resolve skipped (trigger_dead)'],
      spare: ['trigger delivered', 'resolve delivered'],
    });
    expect(toldAt(spare)).toEqual(['event.triggered', 'event.resolved']);
  });

  it('is told where the first destination is late', async () => {
    const { account, spare } = await withFallback('late');
    receiver.next(reply(503, { 'retry-after': '3600' }));
    await account.fails();
    await eventually(() => expect(account.told).toHaveLength(1));
    expect(toldAt(spare)).toEqual([]);
    await letPass(HOUR_S);
    await eventually(() => expect(toldAt(spare)).toEqual(['event.triggered']));
  });

  it('is not needed where the first destination has been told', async () => {
    const { account, spare } = await withFallback('prompt');
    await account.fails();
    await eventually(() => expect(account.told).toEqual(['event.triggered']));
    await letPass(HOUR_S);
    await eventuallyAre(account, {
      first: ['trigger delivered'],
      spare: ['trigger skipped (not_needed)'],
    });
    expect(toldAt(spare)).toEqual([]);
  });
});

describe('kill -9', () => {
  it('loses nothing that is held', async () => {
    const account = await Account.open('killed', { mute_until: inAnHour() });
    await account.fails();
    await account.deliveries('trigger pending');
    await service.stop();
    const child = await startChildService(service.environment);
    await child.end('SIGKILL');
    service = await startService(service.environment);
    await account.deliveries('trigger pending');
    await account.route({});
    await account.deliveries('trigger delivered');
    expect(account.told).toEqual(['event.triggered']);
  });
});
