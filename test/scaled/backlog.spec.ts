import { AccountBacklog } from '../../src/ingest/queue/account-backlog';
import { EventQueue } from '../../src/ingest/queue/event-queue';
import type { EventsJob } from '../../src/ingest/queue/events-job';
import { TenantNormalizer } from '../../src/normalization/normalization.module';
import { newEventId } from '../../src/normalization/tenant-event-id';
import { Queues } from '../../src/redis/queues';
import { RedisConnection } from '../../src/redis/redis-connection';
import { eventually } from '../harness/eventually';
import { describeWith } from '../harness/servers';
import { stopServices, type RunningService } from '../harness/service';
import { ScaledServices } from './scaled-services';
import { tenantEvent, tenantEvents } from './tenant-posts';

afterEach(stopServices);

describeWith({ postgres: true, redis: true }, 'what each account has waiting', () => {
  let services: ScaledServices;
  let api: RunningService;
  beforeEach(async () => {
    services = await ScaledServices.onFreshStore();
    api = await services.start('api');
  });

  const backlog = async (): Promise<Record<string, string>> => {
    const redis = api.app.get(RedisConnection);
    return redis.client.hgetall(redis.key('backlog'));
  };
  /** Accounts and priorities of the jobs that wait, those first that are next. */
  const waiting = async (): Promise<string[]> => {
    const queue = api.app.get(Queues).queue<EventsJob>('events');
    const jobs = await queue.getJobs(['prioritized'], 0, -1, true);
    return jobs.map(({ data, priority }) => `${data.posts[0]?.events[0]?.account_id} ${priority}`);
  };

  it('makes the priority of its jobs, so that accounts take turns', async () => {
    await api.client.post('/events', tenantEvents('whale', 120));
    await api.client.post('/events', tenantEvents('small', 3));
    await api.client.post('/events', tenantEvent('tiny', 'e-0'));
    await api.client.post('/events', tenantEvents('small', 60, 'more'));
    expect(await backlog()).toEqual({ whale: '120', small: '63', tiny: '1' });
    expect(await waiting()).toEqual([
      'tiny 1',
      'small 3',
      'whale 50',
      'small 53',
      'small 63',
      'whale 100',
      'whale 120',
    ]);
  });

  it('is counted down as it is stored, until nothing is left of it', async () => {
    await api.client.post('/events', [...tenantEvents('acme', 70), ...tenantEvents('other', 2)]);
    await services.start('worker');
    await eventually(async () => {
      expect(await backlog()).toEqual({});
      expect(await api.client.events('?account_id=acme&limit=500')).toHaveLength(70);
    });
    expect(await api.app.get(Queues).depth('events')).toEqual({ waiting: 0, active: 0 });
  });

  it('is counted down for repeats, too', async () => {
    await api.client.post('/events', tenantEvents('acme', 5));
    await api.client.post('/events', tenantEvents('acme', 5));
    await services.start('worker');
    await eventually(async () => expect(await backlog()).toEqual({}));
  });

  it('never falls below nothing, which would put an account before all others', async () => {
    const counter = api.app.get(AccountBacklog);
    await counter.remove(new Map([['acme', 10]]));
    expect(await counter.add(new Map([['acme', 4]]))).toEqual(new Map([['acme', 4]]));
  });

  it('starts anew when the queue is empty, and not before, and only where the leader says so', async () => {
    const scheduler = await services.start('scheduler');
    const [leader, other] = [scheduler, api].map(({ app }) => app.get(AccountBacklog));
    await api.client.post('/events', tenantEvent('acme', 'e-0'));
    // What a process that died had counted.
    await leader!.add(new Map([['gone', 7]]));
    await leader!.resetWhenEmpty();
    expect(await backlog()).toEqual({ acme: '1', gone: '7' });
    await services.start('worker');
    await eventually(async () => expect(await backlog()).toEqual({ gone: '7' }));
    await other!.resetWhenEmpty();
    expect(await backlog()).toEqual({ gone: '7' });
    await eventually(async () => {
      await leader!.resetWhenEmpty();
      expect(await backlog()).toEqual({});
    });
  });
});

describeWith({ postgres: true, redis: true }, 'posts that come in together', () => {
  it('share jobs, and each event of them is stored', async () => {
    const services = await ScaledServices.onFreshStore();
    const { client, app } = await services.start('api');
    const normalizer = app.get(TenantNormalizer);
    const posts = Array.from({ length: 200 }, (_, n) => {
      const body = JSON.stringify(tenantEvent(`acme-${n % 2}`, `e-${n}`));
      return { request_id: `r-${n}`, events: normalizer.normalize({ body, makeEventId: newEventId }) };
    });
    const queue = app.get(EventQueue);
    expect(await Promise.all(posts.map((post) => queue.add(post)))).toEqual(Array(200).fill(true));
    expect(await app.get(Queues).depth('events')).toEqual({ waiting: 4, active: 0 });
    await services.start('worker');
    await eventually(async () => {
      for (const account of ['acme-0', 'acme-1']) {
        expect(await client.events(`?account_id=${account}&limit=500`)).toHaveLength(100);
      }
    });
  });
});
