import { eventually } from '../harness/eventually';
import { describeWith } from '../harness/servers';
import { stopServices, type RunningService } from '../harness/service';
import { change } from '../delivery/paging-service';
import { Scrape } from '../telemetry/scrape';
import { ScaledServices } from './scaled-services';
import { tenantEvents } from './tenant-posts';

describeWith({ postgres: true, redis: true }, 'what telemetry says of queues', () => {
  let services: ScaledServices;
  let api: RunningService;
  beforeAll(async () => {
    services = await ScaledServices.onFreshStore();
    api = await services.start('api');
  });
  afterAll(stopServices);

  const post = async (count: number, prefix: string): Promise<void> => {
    const { body } = await api.client.post('/events', tenantEvents('acme', count, prefix));
    expect(body).toMatchObject({ accepted: count, durability: 'queued' });
  };

  it('counts what waits, and does not take it for missing', async () => {
    await post(3, 'waiting');
    const scrape = await Scrape.afterReadings(api);
    expect(scrape.value('bullmq_queue_waiting{queue="events"}')).toBe(1);
    expect(scrape.value('queued_events_missing')).toBe(0);
    expect(scrape.value('queued_events_checked_total')).toBe(0);
    expect(scrape.value('queue_consumer_progress_age_seconds{queue="events"}')).toBe(-1);
  });

  it('finds what was accepted in the table, and tells of what is nowhere', async () => {
    const worker = await services.start('worker');
    await post(2, 'lost');
    await eventually(async () => expect(await api.client.events('?account_id=acme')).toHaveLength(5));
    await eventually(async () => {
      const scrape = await Scrape.of(worker);
      expect(scrape.value('queue_latency_seconds_count{queue="events"}')).toBe(2);
    });
    await change(api, `DELETE FROM events WHERE event_id = 'lost-1'`);
    await eventually(async () => {
      const scrape = await Scrape.afterReadings(api);
      expect(scrape.value('bullmq_queue_active{queue="events"}')).toBe(0);
      expect(scrape.value('queued_events_missing')).toBe(1);
      expect(scrape.value('queued_events_checked_total')).toBe(4);
    });
    expect(api.log).toContainEqual(
      expect.objectContaining({ level: 'error', account_id: 'acme', event_id: 'lost-1' }),
    );
    expect((await Scrape.of(worker)).value('durability_mismatch')).toBe(0);
  });
});
