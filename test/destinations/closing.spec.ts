import { incident, inShort, over, record, restart, settled } from '../delivery/paging-service';
import { eventually } from '../harness/eventually';
import { stopServices, type RunningService } from '../harness/service';
import type { ShownDelivery } from '../harness/service-client';
import { add, SECRET, startSending } from './own-destinations';
import { Receiver, reply } from './receiver';

let receiver: Receiver;
let service: RunningService;
let id: string;

beforeEach(async () => {
  receiver = await Receiver.start();
  service = await startSending(receiver, { ROUTE_WARNING: 'true' });
  id = (await add(service, 'webhook', { url: `${receiver.url}/old`, secret: SECRET })).id;
});
afterEach(async () => {
  await stopServices();
  await receiver.stop();
});

const change = (body: object): Promise<unknown> =>
  service.client.post(`/destinations/${id}`, body, {}, 'PATCH');
const remove = (): Promise<unknown> => service.client.get(`/destinations/${id}`, { method: 'DELETE' });

/** What came to a path, in short. */
const at = (path: string): string[] =>
  receiver.on(path).map(({ body }) => {
    const { type, data } = JSON.parse(body) as { type: string; data: { event_id: string } };
    return `${type} ${data.event_id}`;
  });

/** The event's deliveries to the account's destinations, once all of them are done. */
async function own(eventId: string): Promise<ShownDelivery[]> {
  return (await settled(service, eventId)).filter(({ destination }) => destination !== 'pagerduty');
}

describe('promise 4 at an account’s destination: what was opened is closed', () => {
  it.each<[change: string, make: () => Promise<unknown>]>([
    ['its URL has changed', () => change({ settings: { url: `${receiver.url}/new` } })],
    ['it was switched off', () => change({ enabled: false })],
    ['it was deleted', remove],
    [
      'it was deleted and another has its name',
      async () => {
        await remove();
        await add(service, 'webhook', { url: `${receiver.url}/new`, secret: SECRET });
      },
    ],
    [
      'it was deleted and the service started anew',
      async () => {
        await remove();
        service = await restart(service);
      },
    ],
  ])('where it was opened, after %s', async (_change, make) => {
    await record(service, incident('inc', { severity: 'warning' }));
    await own('inc');
    await make();
    // A worse state joins what is open, and so goes there too.
    await record(service, incident('inc'));
    await own('inc');
    await record(service, over('inc'));
    await own('inc');
    expect(at('/old')).toEqual(['event.triggered inc', 'event.triggered inc', 'event.resolved inc']);
  });

  it('and what is new goes to the new URL', async () => {
    await change({ settings: { url: `${receiver.url}/new` } });
    await record(service, incident('inc'));
    await own('inc');
    await record(service, over('inc'));
    await own('inc');
    expect([at('/old'), at('/new')]).toEqual([[], ['event.triggered inc', 'event.resolved inc']]);
  });

  it.each([
    ['switched off', () => change({ enabled: false })],
    ['deleted', remove],
  ])('and nothing new is decided for one that is %s', async (_what, make) => {
    await make();
    await record(service, incident('inc'));
    expect(await own('inc')).toEqual([]);
  });

  it('and what has waited, and was never tried, is skipped when it is switched off', async () => {
    receiver.next(reply(503), reply(503));
    receiver.reaction = reply(429, { 'retry-after': '1' });
    await record(service, incident('first'));
    await eventually(async () => {
      const { deliveries } = await service.client.event('first');
      expect(
        deliveries.every(({ attempts }) => attempts.some(({ http_status }) => http_status === 429)),
      ).toBe(true);
    });
    await record(service, incident('second'));
    await change({ enabled: false });
    receiver.reaction = reply(200);
    expect(inShort(await own('second'))).toEqual(['trigger skipped (destination_off)']);
    expect(inShort(await own('first'))).toEqual(['trigger delivered']);
    await record(service, over('second'));
    expect(inShort(await own('second'))).toEqual(['trigger skipped (destination_off)']);
  });

  it('and it is opened at its next change where it is switched on again', async () => {
    await change({ enabled: false });
    await record(service, incident('inc'));
    await change({ enabled: true });
    await record(service, incident('inc', { summary: 'Still down' }));
    expect(inShort(await own('inc'))).toEqual(['trigger delivered']);
  });
});
