import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Settings } from '../../src/config/settings';
import { createApp } from '../../src/create-app';
import { Queues } from '../../src/redis/queues';
import { eventually } from '../harness/eventually';
import { FakeDestination } from '../harness/fake-destination';
import { queryPostgres } from '../harness/postgres-session';
import { describeWith } from '../harness/servers';
import { stopServices, type RunningService } from '../harness/service';
import { ScaledServices } from './scaled-services';
import { tenantEvent } from './tenant-posts';

const CRITICAL = { kind: 'incident', severity: 'critical' };

describeWith({ postgres: true, redis: true }, 'notifiers', () => {
  let destination: FakeDestination;
  let services: ScaledServices;
  let api: RunningService;
  beforeEach(async () => {
    destination = await FakeDestination.start();
    services = await ScaledServices.onFreshStore({
      PAGERDUTY_EVENTS_URL: destination.url,
      INGEST_MODE: 'direct',
    });
    api = await services.start('api');
  });
  afterEach(async () => {
    await stopServices();
    await destination.stop();
  });

  const wakes = async (): Promise<string[]> => {
    const jobs = await api.app.get(Queues).queue('deliveries').getJobs(['waiting', 'prioritized']);
    return jobs.map(({ id }) => id!).sort();
  };

  it('are woken by a job that names the delivery, once for each attempt', async () => {
    for (const id of ['a', 'b', 'a']) await api.client.post('/events', tenantEvent('acme', id, CRITICAL));
    await eventually(async () => expect(await wakes()).toEqual(['d-1-1', 'd-2-1']));
    const rows = await queryPostgres(services.databaseUrl, 'SELECT id FROM deliveries ORDER BY id');
    expect(rows).toEqual([{ id: '1' }, { id: '2' }]);
    await services.start('notifier');
    await eventually(() =>
      expect([...destination.calls].sort()).toEqual(['trigger acme/a', 'trigger acme/b']),
    );
    await eventually(async () => expect(await wakes()).toEqual([]));
  });

  it('send each delivery once, though all of them are woken for it', async () => {
    await Promise.all([services.start('notifier'), services.start('notifier')]);
    const ids = Array.from({ length: 30 }, (_, n) => `e-${n}`);
    await Promise.all(ids.map((id) => api.client.post('/events', tenantEvent('acme', id, CRITICAL))));
    await eventually(async () => {
      const delivered = await api.client.deliveries('?status=delivered&limit=500');
      expect(delivered).toHaveLength(ids.length);
    });
    expect([...destination.calls].sort()).toEqual(ids.map((id) => `trigger acme/${id}`).sort());
  });

  it('find what nobody woke them for', async () => {
    await api.client.post('/events', tenantEvent('acme', 'a', CRITICAL));
    await eventually(async () => expect(await wakes()).toHaveLength(1));
    await api.app.get(Queues).queue('deliveries').obliterate({ force: true });
    await services.start('notifier');
    await eventually(() => expect(destination.calls).toEqual(['trigger acme/a']));
  });

  it('take nothing before they listen, because they may send to themselves', async () => {
    await api.client.post('/events', tenantEvent('acme', 'a', CRITICAL));
    await eventually(async () => expect(await wakes()).toHaveLength(1));
    const settings = Settings.load({
      ...api.environment,
      ROLES: 'notifier',
      PAGERDUTY_EVENTS_URL: undefined,
    });
    const notifier = await createApp(settings, new Writable({ write: (_chunk, _encoding, done) => done() }));
    try {
      await notifier.init();
      await sleep(500);
      expect(await wakes()).toHaveLength(1);
      expect(await api.client.deliveries()).toMatchObject([{ status: 'pending', attempts: [] }]);
      await notifier.listen(0, '127.0.0.1');
      await eventually(async () =>
        expect(await api.client.deliveries()).toMatchObject([{ status: 'delivered' }]),
      );
    } finally {
      await notifier.close();
    }
  });
});
