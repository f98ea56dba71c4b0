import { StatusPoller } from '../../src/statuspage/status-poller';
import { eventually } from '../harness/eventually';
import { queryPostgres } from '../harness/postgres-session';
import { describeWith } from '../harness/servers';
import { stopServices, type RunningService } from '../harness/service';
import { INCIDENT, SUMMARY } from '../statuspage/documents';
import { PageServer } from '../statuspage/page-server';
import { pull, startWithPages } from '../statuspage/polled-service';
import { ScaledServices } from './scaled-services';

const PAGE = 'acme';

describeWith({ postgres: true, redis: true }, 'a status page that several processes poll', () => {
  let pages: PageServer;
  let services: ScaledServices;
  let answerNow: () => void;
  beforeEach(async () => {
    pages = await PageServer.start();
    services = await ScaledServices.onFreshStore();
    const after = new Promise<void>((resolve) => {
      answerNow = resolve;
    });
    pages.serveSummary(PAGE, { body: { ...SUMMARY, incidents: [INCIDENT] }, after });
    pages.serveIncidents(PAGE, { body: { ...SUMMARY, incidents: [INCIDENT] } });
  });
  afterEach(async () => {
    answerNow();
    await stopServices();
    await pages.close();
  });

  const start = (): Promise<RunningService> =>
    startWithPages(pages, [PAGE], { ...services.environment, ROLES: 'api', PAGE_TIMEOUT_MS: '5000' });
  const expire = (): Promise<unknown> =>
    queryPostgres(services.databaseUrl, `UPDATE leases SET until = 1 WHERE name = 'page:${PAGE}'`);
  const isAsked = (times: number): Promise<void> =>
    eventually(() => expect(pages.summaryRequests(PAGE)).toHaveLength(times));

  it('is asked once, and all who want it polled get that outcome', async () => {
    const processes = [await start(), await start(), await start()];
    const first = pull(processes[0]!);
    await isAsked(1);
    const others = [pull(processes[1]!), pull(processes[2]!)];
    answerNow();
    const answers = await Promise.all([first, ...others]);
    const one = { fetched: { [PAGE]: 1 }, stored: 1, routed: 1, updated: 0, resolved: 0 };
    expect(answers.map(({ status, body }) => [status, body])).toEqual(Array(3).fill([200, one]));
    expect(pages.summaryRequests(PAGE)).toHaveLength(1);
    // And the next one is a poll of its own.
    expect((await pull(processes[1]!)).body).toEqual({ ...one, stored: 0, routed: 0 });
    expect(pages.summaryRequests(PAGE)).toHaveLength(2);
  });

  it('is polled by another where the one that began does not come to an end, which then counts', async () => {
    const [slow, other] = [await start(), await start()];
    const ofSlow = pull(slow);
    await isAsked(1);
    await expire();
    const ofOther = pull(other);
    await isAsked(2);
    answerNow();
    const found = { fetched: { [PAGE]: 1 } };
    expect(await ofOther).toMatchObject({ status: 200, body: { ...found, stored: 1 } });
    // It has waited for the other's outcome, or polled once more.
    expect(await ofSlow).toMatchObject({ status: 200, body: found });
    const events = await other.client.get<{ revisions: unknown[] }>('/events/acme_status%3Ainc1');
    expect(events.body.revisions).toHaveLength(1);
    expect(slow.log.filter(({ level, context }) => level === 'error' && context === 'Statuspage')).toEqual(
      [],
    );
  });

  it('is not waited for any longer by a process that stops', async () => {
    const [slow, waiting] = [await start(), await start()];
    const ofSlow = pull(slow);
    await isAsked(1);
    const ofWaiting = waiting.app.get(StatusPoller).poll('all', 'of the waiting one');
    await waiting.stop();
    expect(await ofWaiting).toEqual([
      expect.objectContaining({ outcome: 'failed', page: PAGE, source: 'acme_status', code: 'aborted' }),
    ]);
    answerNow();
    expect((await ofSlow).status).toBe(200);
  });
});
