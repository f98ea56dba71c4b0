import { startService, stopServices, type RunningService } from '../harness/service';
import { MonitorClient, type Refusal } from './monitor-client';

interface ShownWindow {
  readonly id: string;
  readonly next_occurrences: readonly { readonly starts_at: string; readonly ends_at: string }[];
  readonly [field: string]: unknown;
}

const PATH = '/maintenance-windows';
const HOUR_MS = 3_600_000;

let service: RunningService;
let client: MonitorClient;
let monitorId: string;

beforeAll(async () => {
  service = await startService({ ALLOW_PRIVATE_TARGETS: 'true' });
  client = new MonitorClient(service);
  monitorId = (await client.add({ url: 'http://127.0.0.1:9/', paused: true })).id;
});
afterAll(stopServices);

const inHours = (hours: number): string => new Date(Date.now() + hours * HOUR_MS).toISOString();

const once = (): Record<string, unknown> => ({
  name: 'Database upgrade',
  starts_at: inHours(24),
  ends_at: inHours(26),
});

const SUNDAYS = {
  repeats: 'weekly',
  on: ['sun'],
  local_time: '02:30',
  time_zone: 'Europe/Berlin',
  duration_s: 3_600,
};

const WEEKLY = { name: 'Deployments', ...SUNDAYS };

async function add(fields: Record<string, unknown>): Promise<ShownWindow> {
  const { status, body } = await client.post<ShownWindow>(PATH, fields);
  if (status !== 201) throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

describe('a maintenance window', () => {
  it('that happens once is shown with its one occurrence', async () => {
    const fields = { ...once(), monitor_ids: [monitorId] };
    const window = await add(fields);
    expect(window).toEqual({
      id: expect.stringMatching(/^[a-z0-9]{16}$/) as unknown,
      account_id: 'default',
      ...fields,
      repeats: 'once',
      next_occurrences: [{ starts_at: fields['starts_at' as never], ends_at: fields['ends_at' as never] }],
      origin: 'api',
      key: null,
      created_at: expect.stringMatching(/^\d{4}-.*Z$/) as unknown,
      updated_at: window['created_at'],
    });
    expect(await client.get(`${PATH}/${window.id}`)).toMatchObject({ status: 200, body: window });
    await client.delete(`${PATH}/${window.id}`);
  });

  it('that comes back is shown with the next three, by the clocks of its zone', async () => {
    const window = await add(WEEKLY);
    expect(window).toMatchObject({ ...WEEKLY, monitor_ids: null, from_at: null, until_at: null });
    const starts = window.next_occurrences.map(({ starts_at }) => {
      return new Intl.DateTimeFormat('en-GB', {
        timeZone: 'Europe/Berlin',
        weekday: 'short',
        hour: '2-digit',
        minute: '2-digit',
      }).format(new Date(starts_at));
    });
    expect(starts).toEqual(Array(3).fill(expect.stringMatching(/^Sun,? 0[23]:30$/)));
    await client.delete(`${PATH}/${window.id}`);
  });

  it('is changed field by field; another way to repeat begins anew', async () => {
    const { id } = await add(once());
    const longer = await client.patch(`${PATH}/${id}`, { name: 'Longer', ends_at: inHours(30) });
    expect(longer).toMatchObject({ status: 200, body: { name: 'Longer', repeats: 'once' } });
    const weekly = await client.patch(`${PATH}/${id}`, SUNDAYS);
    expect(weekly).toMatchObject({ status: 200, body: { ...SUNDAYS, name: 'Longer' } });
    expect(weekly.body).not.toHaveProperty('starts_at');
    const faulty = await client.patch<Refusal>(`${PATH}/${id}`, { repeats: 'daily', local_time: '25:00' });
    expect(faulty.status).toBe(400);
    expect(MonitorClient.fieldsOf(faulty)).toEqual(['local_time', 'time_zone', 'duration_s']);
    expect(await client.patch(`${PATH}/${id}`, { duration_s: 7_200 })).toMatchObject({
      status: 200,
      body: { repeats: 'weekly', duration_s: 7_200 },
    });
    await client.delete(`${PATH}/${id}`);
  });

  it('of some monitors can be changed when one of them is gone', async () => {
    const other = await client.add({ url: 'http://127.0.0.1:9/', paused: true });
    const { id } = await add({ ...once(), monitor_ids: [monitorId, other.id] });
    await client.delete(`/monitors/${other.id}`);
    expect(await client.patch(`${PATH}/${id}`, { name: 'New' })).toMatchObject({ status: 200 });
    await client.patch(`${PATH}/${id}`, { monitor_ids: [monitorId] });
    const again = await client.patch<Refusal>(`${PATH}/${id}`, { monitor_ids: [other.id] });
    expect(again).toMatchObject({ status: 400, body: { code: 'invalid_maintenance_window' } });
    await client.delete(`${PATH}/${id}`);
  });

  it('is gone once it is deleted', async () => {
    const { id } = await add(once());
    expect(await client.delete(`${PATH}/${id}`)).toMatchObject({ status: 204 });
    const notFound = { status: 404, body: { code: 'maintenance_window_not_found' } };
    expect(await client.delete(`${PATH}/${id}`)).toMatchObject(notFound);
    expect(await client.get(`${PATH}/${id}`)).toMatchObject(notFound);
    expect(await client.patch(`${PATH}/${id}`, {})).toMatchObject(notFound);
  });

  it.each<[what: string, fields: Record<string, unknown>, faults: readonly (string | null)[]]>([
    ['nothing', {}, ['name', 'starts_at', 'ends_at']],
    ['over before it begins', { ends_at: inHours(1) }, ['ends_at']],
    ['in the past', { starts_at: inHours(-3), ends_at: inHours(-1) }, ['ends_at']],
    ['longer than a month', { ends_at: inHours(24 * 60) }, ['ends_at']],
    ['without a zone', { starts_at: '2030-01-01T00:00:00' }, ['starts_at']],
    ['for no monitor', { monitor_ids: [] }, ['monitor_ids']],
    ['for a monitor twice', { monitor_ids: ['k3hq9zbtmxo0cv5u', 'k3hq9zbtmxo0cv5u'] }, ['monitor_ids']],
    ['for what is no id', { monitor_ids: ['%00'] }, ['monitor_ids']],
    ["for nobody's monitor", { monitor_ids: ['k3hq9zbtmxo0cv5u'] }, ['monitor_ids']],
    ['of an account that is none', { account_id: 'a b' }, ['account_id']],
    ['with a field too many', { every: 'day' }, ['every']],
    ['with a time of weekly ones', { local_time: '02:30' }, ['local_time']],
  ])('that is %s is refused', async (what, fields, faults) => {
    const answer = await client.post<Refusal>(PATH, what === 'nothing' ? {} : { ...once(), ...fields });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_maintenance_window' } });
    expect(MonitorClient.fieldsOf(answer)).toEqual(faults);
  });

  it.each([undefined, null, [], 'once', 1])('that is %j is refused', async (body) => {
    expect(await client.post(PATH, body)).toMatchObject({ status: 400 });
  });
});

describe('maintenance windows', () => {
  it("do not cover another account's monitors", async () => {
    const answer = await client.post<Refusal>(PATH, {
      ...once(),
      account_id: 'acme',
      monitor_ids: [monitorId],
    });
    expect(answer.status).toBe(400);
    expect(MonitorClient.fieldsOf(answer)).toEqual(['monitor_ids']);
  });

  it('are listed by pages, and are no more than an account may have', async () => {
    for (let count = 0; count < 200; count++) await add({ ...WEEKLY, account_id: 'full' });
    const one_more = await client.post(PATH, { ...WEEKLY, account_id: 'full' });
    expect(one_more).toMatchObject({ status: 409, body: { code: 'too_many_maintenance_windows' } });
    interface Page {
      readonly maintenance_windows: readonly ShownWindow[];
      readonly next_cursor: string | null;
    }
    const ids: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const after: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body }: { body: Page } = await client.get<Page>(`${PATH}?account_id=full&limit=80${after}`);
      ids.push(...body.maintenance_windows.map(({ id }) => id));
      cursor = body.next_cursor;
    }
    expect(ids).toHaveLength(200);
    expect(ids).toEqual([...new Set(ids)].sort());
  });
});
