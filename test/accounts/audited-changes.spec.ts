import { OLD_SECRET, SECRET } from '../destinations/own-destinations';
import { eventually } from '../harness/eventually';
import { answer, FakeDestination } from '../harness/fake-destination';
import { stopServices } from '../harness/service';
import type { Answer, ShownDelivery } from '../harness/service-client';
import { startWithPeople, type PeopleService } from '../people/people-service';
import type { GuardedClient } from './guarded-service';

interface ShownEntry {
  readonly action: string;
  readonly subject: string;
  readonly account_id: string | null;
  readonly by: { readonly kind: string; readonly name: string | null };
  readonly changes: Readonly<Record<string, { readonly from: unknown; readonly to: unknown }>>;
}

const ADA = 'ada@acme.example';
const SLACK = 'https://hooks.slack.example/services/T0/B0/nobodySeesThis';
const TOKEN = 'Bearer of-nobody-elses-business';
const SECRETS = [SECRET, OLD_SECRET].map((secret) => secret.slice('whsec_'.length)).concat(SLACK, TOKEN);

let people: PeopleService;
let ada: GuardedClient;
let refusing: FakeDestination;

beforeAll(async () => {
  refusing = await FakeDestination.start(answer(400));
  people = await startWithPeople({ PAGERDUTY_EVENTS_URL: refusing.url });
  ada = people.asPerson(await people.join('acme', ADA, 'admin'));
});
afterAll(async () => {
  await stopServices();
  await refusing.stop();
});

/** What was noted about a thing, oldest first. */
async function entriesAbout(subject: string): Promise<readonly ShownEntry[]> {
  const { body } = await ada.get('/audit?limit=500');
  const { entries } = body as { entries: readonly ShownEntry[] };
  return entries.filter((entry) => entry.subject === subject).toReversed();
}

const BY_ADA = { account_id: 'acme', by: { kind: 'person', name: ADA } };

async function idOf(answered: Promise<Answer>): Promise<string> {
  const { status, body } = await answered;
  if (status !== 201) throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
  return String(body['id']);
}

/** An event of acme's, whose page was refused. */
async function deadDelivery(event_id: string): Promise<string> {
  const at = { timestamp: '2026-01-15T10:40:00Z', severity: 'critical', kind: 'incident' };
  await ada.post('/events', { event_id, account_id: 'acme', user_id: 'u1', type: 'checkout.failed', ...at });
  return eventually(async () => {
    const { body } = await ada.get(`/deliveries?status=dead&limit=500`);
    const { deliveries } = body as { deliveries: readonly ShownDelivery[] };
    const dead = deliveries.find((delivery) => delivery.event_id === event_id);
    if (dead === undefined) throw new Error('nothing is dead yet');
    return String(dead.id);
  });
}

describe('the audit log', () => {
  it('says who added, changed and deleted a destination, and that there are other secrets', async () => {
    const url = 'https://hooks.example.com/signalbox';
    const id = await idOf(
      ada.post('/destinations', { name: 'on-call', type: 'webhook', settings: { url, secret: OLD_SECRET } }),
    );
    await ada.patch(`/destinations/${id}`, { enabled: false, settings: { secret: SECRET } });
    await ada.patch(`/destinations/${id}`, { settings: { previous_secrets: [OLD_SECRET] } });
    await ada.patch(`/destinations/${id}`, { enabled: false });
    await ada.delete(`/destinations/${id}`);
    expect(await entriesAbout(id)).toMatchObject([
      {
        ...BY_ADA,
        action: 'destination.added',
        changes: {
          name: { from: null, to: 'on-call' },
          type: { from: null, to: 'webhook' },
          'settings.url': { from: null, to: url },
          'settings.secret': { from: null, to: '[redacted]' },
        },
      },
      {
        ...BY_ADA,
        action: 'destination.changed',
        changes: {
          enabled: { from: true, to: false },
          'settings.secret_replaced': { from: null, to: true },
        },
      },
      {
        ...BY_ADA,
        action: 'destination.changed',
        changes: { 'settings.previous_secrets': { from: [], to: ['[redacted]'] } },
      },
      { ...BY_ADA, action: 'destination.deleted', changes: { name: { from: 'on-call', to: null } } },
    ]);
  });

  it('says the same of what is secret as a whole', async () => {
    const settings = (end: string): object => ({ settings: { url: `${SLACK}${end}` } });
    const id = await idOf(ada.post('/destinations', { name: 'chat', type: 'slack', ...settings('1') }));
    await ada.patch(`/destinations/${id}`, settings('2'));
    const [, changed] = await entriesAbout(id);
    expect(changed!.changes).toEqual({ 'settings.url_replaced': { from: null, to: true } });
  });

  it('says who added, changed and deleted a monitor, without the values of its headers', async () => {
    const monitor = { name: 'API', url: 'https://api.example.com/', paused: true };
    const id = await idOf(ada.post('/monitors', { ...monitor, headers: { authorization: TOKEN } }));
    await ada.patch(`/monitors/${id}`, { interval_s: 120 });
    await ada.patch(`/monitors/${id}`, { headers: { authorization: `${TOKEN}-2` } });
    await ada.delete(`/monitors/${id}`);
    const entries = await entriesAbout(id);
    expect(entries).toMatchObject([
      {
        ...BY_ADA,
        action: 'monitor.added',
        changes: {
          url: { from: null, to: monitor.url },
          headers: { from: null, to: { authorization: '[redacted]' } },
        },
      },
      { ...BY_ADA, action: 'monitor.changed' },
      { ...BY_ADA, action: 'monitor.changed' },
      { ...BY_ADA, action: 'monitor.deleted', changes: { name: { from: 'API', to: null } } },
    ]);
    expect(entries[1]!.changes).toEqual({ interval_s: { from: 60, to: 120 } });
    expect(entries[2]!.changes).toEqual({ headers_replaced: { from: null, to: ['authorization'] } });
  });

  it('says who added, changed and deleted a maintenance window', async () => {
    const window = { name: 'Move', starts_at: '2096-01-01T00:00:00Z', ends_at: '2096-01-02T00:00:00Z' };
    const id = await idOf(ada.post('/maintenance-windows', window));
    await ada.patch(`/maintenance-windows/${id}`, { name: 'Removal' });
    await ada.delete(`/maintenance-windows/${id}`);
    expect(await entriesAbout(id)).toMatchObject([
      { ...BY_ADA, action: 'maintenance_window.added', changes: { name: { from: null, to: 'Move' } } },
      {
        ...BY_ADA,
        action: 'maintenance_window.changed',
        changes: { name: { from: 'Move', to: 'Removal' } },
      },
      { ...BY_ADA, action: 'maintenance_window.deleted' },
    ]);
  });

  it('says who resolved an event by hand, once', async () => {
    await deadDelivery('resolved');
    const resolve = (): Promise<Answer> => ada.post('/events/resolved/resolve', { note: 'paid again' });
    const { body } = await resolve();
    await resolve();
    const entries = await entriesAbout('resolved');
    expect(entries).toMatchObject([{ ...BY_ADA, action: 'event.resolved' }]);
    expect(entries[0]!.changes).toEqual({
      resolved_at: { from: null, to: body['resolved_at'] },
      note: { from: null, to: 'paid again' },
    });
  });

  it('says who sent a delivery again, and how many of which account at once', async () => {
    const id = await deadDelivery('replayed');
    const replayed = (await ada.post(`/deliveries/${id}/replay`)).body;
    expect(await entriesAbout(id)).toMatchObject([
      {
        ...BY_ADA,
        action: 'delivery.replayed',
        changes: {
          event_id: { from: null, to: 'replayed' },
          replayed_as: { from: null, to: replayed['id'] },
        },
      },
    ]);
    await deadDelivery('replayed-2');
    await people.admin.post('/deliveries/replay', { destination: 'pagerduty' });
    expect((await entriesAbout('pagerduty')).at(-1)).toMatchObject({
      account_id: 'acme',
      by: { kind: 'admin_token' },
      action: 'deliveries.replayed',
      changes: {
        status: { from: null, to: 'dead' },
        count: { from: null, to: expect.any(Number) as unknown },
      },
    });
  });

  it('says nothing of what was refused', async () => {
    const destination = { name: 'chat', type: 'slack', settings: { url: SLACK } };
    const before = (await ada.get('/audit?limit=500')).body;
    expect(await ada.post('/destinations', destination)).toMatchObject({ status: 409 });
    expect(await ada.patch('/monitors/k3hq9zbtmxo0cv5u', { paused: true })).toMatchObject({ status: 404 });
    expect(await ada.post('/deliveries/999999/replay')).toMatchObject({ status: 404 });
    expect((await ada.get('/audit?limit=500')).body).toEqual(before);
  });

  it('is narrowed to what was done, and to who did it', async () => {
    const listed = async (query: string): Promise<{ action: string; by: { name: string | null } }[]> => {
      const { status, body } = await ada.get(`/audit?limit=500&${query}`);
      expect(status).toBe(200);
      return body['entries'] as { action: string; by: { name: string | null } }[];
    };
    const added = await listed('action=monitor.added');
    expect(added.length).toBeGreaterThan(0);
    expect(new Set(added.map(({ action }) => action))).toEqual(new Set(['monitor.added']));
    const hers = await listed(`by=${encodeURIComponent(ADA)}`);
    expect(hers.length).toBeGreaterThan(0);
    expect(new Set(hers.map(({ by }) => by.name))).toEqual(new Set([ADA]));
    expect(await listed('by=nobody@acme.example')).toEqual([]);
    expect(await ada.get('/audit?action=everything')).toMatchObject({ status: 400 });
  });

  it('holds no secret', async () => {
    const text = JSON.stringify((await people.admin.get('/audit?limit=500')).body);
    expect(text).toContain('monitor.added');
    expect(SECRETS.filter((secret) => text.includes(secret))).toEqual([]);
  });
});
