import { SchedulerRegistry } from '@nestjs/schedule';
import { eventually } from '../harness/eventually';
import { startService, stopServices } from '../harness/service';
import { POLL_JOB } from '../../src/statuspage/poll-schedule';
import { withIncident } from './documents';
import { PageServer } from './page-server';
import { eventsOf, pull, startWithPages } from './polled-service';

const EVERY_SECOND = '* * * * * *';

let server: PageServer;

beforeEach(async () => {
  server = await PageServer.start();
});

afterEach(async () => {
  await stopServices();
  await server.close();
});

describe('the scheduled poll', () => {
  it('reads the pages with a URL, again and again, and never those of fixtures', async () => {
    server.serveSummary('acme', { body: withIncident() });
    const service = await startWithPages(server, ['acme'], {
      NODE_ENV: 'test',
      STATUS_POLL_CRON: EVERY_SECOND,
    });
    await eventually(() => expect(server.summaryRequests('acme').length).toBeGreaterThan(1));
    expect(await eventsOf(service)).toMatchObject([{ source: 'acme_status' }]);
  });

  it('does not overlap itself', async () => {
    let running = 0;
    let most = 0;
    server.serveSummary('acme', () => {
      most = Math.max(most, ++running);
      setTimeout(() => running--, 1_500);
      return { body: withIncident(), delayMs: 1_500 };
    });
    await startWithPages(server, ['acme'], { STATUS_POLL_CRON: EVERY_SECOND });
    await eventually(() => expect(server.summaryRequests('acme').length).toBeGreaterThan(1));
    expect(most).toBe(1);
  });

  it('is shared, page by page, by a pull that comes while it runs', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    server.serveSummary('acme', { body: withIncident(), after: released });
    const service = await startWithPages(server, ['acme'], {
      NODE_ENV: 'test',
      STATUS_POLL_CRON: EVERY_SECOND,
    });
    await eventually(() => expect(server.requests).toHaveLength(1));
    const pulled = pull(service);
    await eventually(async () => expect(await eventsOf(service)).toHaveLength(2));
    expect(server.requests).toHaveLength(1);
    release();
    expect((await pulled).body.fetched).toEqual({ spreedly: 1, braze: 1, acme: 1 });
  });

  it('goes on after a failure', async () => {
    server.serveSummary('acme', { body: '<html>' }, { body: withIncident() });
    const service = await startWithPages(server, ['acme'], { STATUS_POLL_CRON: EVERY_SECOND });
    await eventually(async () => expect(await eventsOf(service)).toHaveLength(1));
  });

  it('does not exist where no page has a URL', async () => {
    const service = await startService({ STATUS_POLL_CRON: EVERY_SECOND });
    expect(service.app.get(SchedulerRegistry).doesExist('cron', POLL_JOB)).toBe(false);
  });

  it('ends with the service', async () => {
    server.serveSummary('acme', { body: withIncident() });
    const service = await startWithPages(server, ['acme'], { STATUS_POLL_CRON: EVERY_SECOND });
    const registry = service.app.get(SchedulerRegistry);
    const job = registry.getCronJob(POLL_JOB);
    expect(job.isActive).toBe(true);
    await service.stop();
    expect(job.isActive).toBe(false);
    expect(registry.doesExist('cron', POLL_JOB)).toBe(false);
  });
});
