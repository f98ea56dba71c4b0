import { eventually } from '../harness/eventually';
import { FakeDestination } from '../harness/fake-destination';
import { describeWith } from '../harness/servers';
import { stopServices, type RunningService } from '../harness/service';
import { ScaledServices } from './scaled-services';
import { tenantEvent, tenantEvents } from './tenant-posts';

describeWith({ postgres: true, redis: true }, 'an event that is queued', () => {
  let destination: FakeDestination;
  let services: ScaledServices;
  let api: RunningService;
  beforeAll(async () => {
    destination = await FakeDestination.start();
    services = await ScaledServices.onFreshStore({ PAGERDUTY_EVENTS_URL: destination.url });
    api = await services.start('api');
    for (const role of ['worker', 'notifier', 'scheduler'] as const) await services.start(role);
  });
  afterAll(async () => {
    await stopServices();
    await destination.stop();
  });

  it('is told by its id only, and stored by the worker with all that was posted', async () => {
    const posted = tenantEvent('acme', 'order-1', { metadata: { total: 12, lines: [{ sku: 'a' }] } });
    const withoutId = tenantEvent('acme', 'none');
    delete withoutId['event_id'];
    const { status, body } = await api.client.post('/events', [posted, withoutId]);
    expect([status, body]).toEqual([
      202,
      { accepted: 2, event_ids: ['order-1', expect.stringMatching(/^[0-9a-f-]{36}$/)], durability: 'queued' },
    ]);
    await eventually(async () => {
      const events = await api.client.events('?account_id=acme');
      const byId = new Map(events.map((event) => [event.event_id, event]));
      expect([...byId.keys()].sort()).toEqual([...(body['event_ids'] as string[])].sort());
      expect(byId.get('order-1')!.raw).toEqual(posted);
      expect(byId.get('order-1')).toMatchObject({ source: 'app', kind: 'activity', severity: 'info' });
    });
  });

  it('is stored and counted once, however often it is posted', async () => {
    const batch = tenantEvents('often', 120);
    for (let time = 0; time < 3; time++) {
      const { body } = await api.client.post('/events', batch);
      expect(body).toMatchObject({ accepted: 120, durability: 'queued' });
    }
    // Behind them in the queue.
    await api.client.post('/events', tenantEvent('often', 'last', { type: 'last' }));
    await eventually(async () => {
      const { body } = await api.client.get('/events/last?account_id=often');
      expect(body).toMatchObject({ revision: 1 });
      expect(await api.client.events('?account_id=often&limit=500')).toHaveLength(121);
    });
    const summary = await api.client.get('/accounts/often/summary?window=1h');
    expect(summary.body).toMatchObject({
      total: 121,
      by_type: [
        { type: 'order.placed', count: 120 },
        { type: 'last', count: 1 },
      ],
      by_source: { app: 121 },
    });
  });

  it('pages where it is critical, and closes what it opened, over three processes', async () => {
    const incident = { kind: 'incident', severity: 'critical', type: 'checkout.down' };
    const opened = await api.client.post('/events', tenantEvent('acme', 'down-1', incident));
    expect(opened.body).toEqual({ accepted: 1, event_ids: ['down-1'], durability: 'queued' });
    await eventually(() => expect(destination.calls).toEqual(['trigger acme/down-1']));
    const at = '2026-01-15T10:30:00.000Z';
    await api.client.post(
      '/events',
      tenantEvent('acme', 'down-1', { ...incident, timestamp: at, resolved_at: at }),
    );
    await eventually(() => expect(destination.calls).toEqual(['trigger acme/down-1', 'resolve acme/down-1']));
    await eventually(async () => {
      const { body } = await api.client.get('/events/down-1?account_id=acme');
      expect(body).toMatchObject({
        revision: 2,
        resolved_at: at,
        delivered_to: ['pagerduty'],
        deliveries: [
          { action: 'trigger', status: 'delivered' },
          { action: 'resolve', status: 'delivered' },
        ],
      });
    });
  });

  it('is refused whole where one of its post is bad, and then nothing is queued', async () => {
    const bad = tenantEvent('refused', 'bad', { severity: 'terrible' });
    const refused = await api.client.post('/events', [tenantEvent('refused', 'good'), bad]);
    expect(refused).toMatchObject({
      status: 400,
      body: { code: 'invalid_event', index: 1, field: 'severity' },
    });
    await api.client.post('/events', tenantEvent('refused', 'after'));
    await eventually(async () => {
      const events = await api.client.events('?account_id=refused');
      expect(events.map(({ event_id }) => event_id)).toEqual(['after']);
    });
  });
});
