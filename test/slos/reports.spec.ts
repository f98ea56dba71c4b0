import { MINUTE_MS } from '../../src/events/summary/time-buckets';
import type { NormalizedEvent } from '../../src/normalization/normalized-event';
import { Recorder } from '../../src/recording/recorder';
import { ReportSender } from '../../src/slos/reports/report-sender';
import type { SloReportView, VendorReportView } from '../../src/slos/reports/report-views';
import { add, settingsAt, startSending } from '../destinations/own-destinations';
import { Receiver, reply } from '../destinations/receiver';
import { event } from '../events/recorded-at';
import { eventually } from '../harness/eventually';
import { stopServices, type RunningService } from '../harness/service';

let receiver: Receiver;
let service: RunningService;
const now = Date.now();

beforeAll(async () => {
  receiver = await Receiver.start();
  service = await startSending(receiver, {
    STATUS_PAGES: `acme=${receiver.url}/summary.json`,
    STATUS_POLL_CRON: '0 0 29 2 *',
  });
});
afterAll(async () => {
  await stopServices();
  await receiver.stop();
});

/** An incident of the default account, so many minutes ago. */
function incident(
  event_id: string,
  from: number,
  until: number | null,
  changes: Partial<NormalizedEvent>,
): NormalizedEvent {
  const resolved_at = until === null ? null : now - until * MINUTE_MS;
  const started_at = now - from * MINUTE_MS;
  return event(event_id, {
    ...{ account_id: 'default', kind: 'incident', severity: 'critical', started_at, resolved_at },
    updated_at: resolved_at ?? started_at,
    ...changes,
  });
}

describe('reports', () => {
  beforeAll(async () => {
    const recorder = service.app.get(Recorder);
    await recorder.record([incident('ours', 100, null, { summary: 'The shop is down' })]);
    await eventually(() => expect(receiver.on('/v2/enqueue')).toHaveLength(1));
    await recorder.record([incident('ours', 100, 40, { summary: 'The shop is down' })]);
    // Evidence twelve minutes before the page said so; then a trouble that the page never spoke of.
    const page = { source: 'acme_status', type: 'incident', service: 'acme' };
    await recorder.record([
      incident('page', 48, 20, { ...page, description: 'A cable was cut.' }),
      incident('seen', 60, 25, { service: 'acme', source: 'monitor' }),
      incident('silent', 200, 190, { service: 'acme', severity: 'warning' }),
    ]);
  });

  it('tell of incidents: whose fault, why, how long until somebody was paged and until it was over', async () => {
    const { body } = await service.client.get<SloReportView>('/reports/slo');
    const ours = body.incidents.find(({ event_id }) => event_id === 'ours')!;
    expect(ours).toMatchObject({
      account_id: 'default',
      fault: 'own',
      cause: null,
      title: 'The shop is down',
    });
    expect(Date.parse(ours.paged_at!)).toBeGreaterThanOrEqual(now);
    expect(body.incidents.map(({ event_id, fault, cause }) => [event_id, fault, cause])).toEqual([
      ['ours', 'own', null],
      ['seen', 'vendor', null],
      ['page', 'vendor', 'A cable was cut.'],
    ]);
    const minutes = [60, 35, 28].map((length) => length * MINUTE_MS);
    expect(body.time_to_restore).toEqual({ count: 3, mean_ms: 41 * MINUTE_MS, longest_ms: minutes[0] });
    expect(body.time_to_page).toMatchObject({ count: 1 });
  });

  it('tell what a vendor’s page was worth: its lag, and what it was silent about', async () => {
    const { body } = await service.client.get<VendorReportView>('/reports/vendors');
    expect(body.vendors.find(({ vendor }) => vendor === 'acme')).toMatchObject({
      ...{ told: 1, silent: 1, unseen: 0, median_lag_ms: 12 * MINUTE_MS, longest_lag_ms: 12 * MINUTE_MS },
      incidents: [
        { kind: 'silent', page_said_at: null, lag_ms: null },
        { kind: 'told', lag_ms: 12 * MINUTE_MS, resolve_lag_ms: 5 * MINUTE_MS },
      ],
    });
  });

  it('are sent like everything else: tried again where that helps, and each once', async () => {
    const webhook = await add(service, 'webhook', settingsAt(receiver).webhook);
    let failures = 1;
    receiver.reaction = (received, response) => {
      const isRefused = received.path === '/hook' && failures-- > 0;
      reply(isRefused ? 503 : 200)(received, response);
    };
    const sender = service.app.get(ReportSender);
    await sender.send('7d', [webhook.id], now);
    await sender.send('7d', [webhook.id], now);
    await eventually(async () => {
      const [sent, ...others] = await service.client.deliveries(`?destination=${webhook.id}`);
      expect(others).toEqual([]);
      const second = { number: 2, outcome: 'delivered' };
      expect(sent).toMatchObject({ action: 'trigger', status: 'delivered', attempts: [second] });
    });
    const { data } = JSON.parse(receiver.on('/hook').at(-1)!.body) as { data: Record<string, string> };
    expect(data).toMatchObject({ type: 'report', severity: 'info', account_id: 'default' });
    expect(data['description']).toContain('# Service levels, 7d');
    expect(data['description']).toContain('POST /events is available');
  });

  it('are closed where a pager would keep them open, and of an account’s destination are about that account', async () => {
    const pager = await add(service, 'pagerduty', settingsAt(receiver).pagerduty, { account_id: 'globex' });
    const before = receiver.on('/v2/enqueue').length;
    // PagerDuty's own address is not this machine's: what matters is what was put into the outbox.
    await service.app.get(ReportSender).send('30d', [pager.id, 'slack-000000000000', 'pagerduty'], now);
    const ofPager = await service.client.deliveries(`?destination=${pager.id}`);
    expect(ofPager.map(({ action }) => action).toReversed()).toEqual(['trigger', 'resolve']);
    await eventually(() => {
      const actions = receiver.on('/v2/enqueue').slice(before);
      expect(actions.map(({ body }) => (JSON.parse(body) as { event_action: string }).event_action)).toEqual(
        expect.arrayContaining(['trigger', 'resolve']),
      );
    });
    expect((await service.client.events('?source=slo&account_id=globex'))[0]!.raw).toMatchObject({
      window: '30d',
    });
    expect(service.log.map(({ msg }) => msg)).toContain(
      'SLO_REPORT_TO names no destination that is switched on',
    );
  });

  it('are sent on their schedule', async () => {
    const scheduled = await startSending(receiver, {
      SLO_REPORT_CRON: '* * * * * *',
      SLO_REPORT_TO: 'pagerduty',
    });
    await eventually(async () => {
      const [sent] = await scheduled.client.deliveries('?status=delivered');
      expect(sent?.event_id).toMatch(/^slo:report:7d:.*:pagerduty$/);
    });
  });
});
