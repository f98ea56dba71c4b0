import { request } from 'node:http';
import { Database } from '../../src/database/database';
import { Recorder } from '../../src/recording/recorder';
import { eventually } from '../harness/eventually';
import { answer, FakeDestination } from '../harness/fake-destination';
import { stopServices, type RunningService } from '../harness/service';
import { payoutFailed } from '../harness/service-client';
import { change, incident, startPaging } from '../delivery/paging-service';
import { TargetServers } from '../monitors/target-server';
import { checked, watch, WATCHING } from '../monitors/watching';
import { tenantEvent, tenantEvents } from '../scaled/tenant-posts';
import { Scrape } from './scrape';

const OPENMETRICS = { accept: 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5' };

let service: RunningService;
let destination: FakeDestination;
beforeAll(async () => {
  destination = await FakeDestination.start();
  service = await startPaging(destination, { ...WATCHING, DELIVERY_MAX_ATTEMPTS: '2' });
});
afterAll(async () => {
  await stopServices();
  await destination.stop();
});

/** A request of a method that `fetch` refuses to send. */
function odd(url: string, method: string, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}${path}`, { method, agent: false }, (response) =>
      response.resume().once('end', resolve),
    );
    sent.once('error', reject).end();
  });
}

/** Waits until samples have grown by so much since `before`. */
async function expectGrowth(before: Scrape, expected: Readonly<Record<string, number>>): Promise<void> {
  await eventually(async () => {
    const now = await Scrape.of(service);
    const growth = Object.keys(expected).map((sample) => {
      return [sample, (now.value(sample) ?? 0) - (before.value(sample) ?? 0)];
    });
    expect(Object.fromEntries(growth)).toEqual(expected);
  });
}

describe('GET /metrics', () => {
  it('knows of labels before anything has happened', async () => {
    // Nobody has asked it before.
    const scrape = await Scrape.of(service);
    for (const sample of [
      'events_ingested_total{source="app",kind="incident",severity="critical"}',
      'http_requests_total{method="POST",route="/events",status="503"}',
      'signals_rejected_total{source="stripe",reason="signature_mismatch"}',
      'deliveries_total{destination="account_email",status="dead"}',
      'source_polls_total{source="braze_status",outcome="http_5xx"}',
      'bullmq_queue_waiting{queue="events"}',
      'http_requests_total{method="GET",route="/accounts/:id/summary",status="500"}',
      'circuit_breaker_transitions_total{name="pagerduty",state="open"}',
    ]) {
      expect([sample, scrape.value(sample)]).toEqual([sample, 0]);
    }
    expect(scrape.value('process_is_leader')).toBe(1);
    expect(scrape.value('circuit_breaker_state{name="pagerduty",state="closed"}')).toBe(1);
  });

  it("answers in Prometheus' text format, or in OpenMetrics where that is preferred", async () => {
    const text = await service.client.get<string>('/metrics');
    expect(text.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const open = await service.client.get<string>('/metrics', { headers: OPENMETRICS });
    expect(open.headers.get('content-type')).toBe(
      'application/openmetrics-text; version=1.0.0; charset=utf-8',
    );
    expect(open.body).toMatch(/\n# EOF\n$/);
    expect(open.body).toContain('# TYPE http_requests counter\nhttp_requests_total{');
    expect((await Scrape.of(service)).text).toContain('# TYPE http_requests_total counter');
  });

  it('tells how long requests took by bounds that objectives name', async () => {
    const sample =
      /^http_request_duration_seconds_bucket\{le="(.*)",method="POST",route="\/events",status="202"\}/;
    const bounds = (await Scrape.of(service)).samples.flatMap((one) => sample.exec(one)?.[1] ?? []);
    expect(bounds.join(' ')).toBe('0.005 0.01 0.05 0.1 0.2 0.25 0.3 0.5 1 2.5 5 10 +Inf');
  });

  it('has the same series whatever paths, methods, accounts, types and headers are made up', async () => {
    const make = async (round: string): Promise<readonly string[]> => {
      const paths = Array.from({ length: 100 }, (_, n) => `/wrong-${round}/${n}`);
      await Promise.all(paths.map((path) => service.client.get(path)));
      for (const method of ['PROPFIND', 'PURGE', 'TRACE', 'OPTIONS', 'DELETE', 'PUT']) {
        await odd(service.url, method, `/events/${round}`);
      }
      const events = Array.from({ length: 20 }, (_, n) =>
        tenantEvent(`${round}-${n}`, `${round}-${n}`, { type: `type-${round}-${n}` }),
      );
      await service.client.post('/events', events, { 'user-agent': round });
      await service.client.post('/events', [{ source: round }]);
      await service.client.get(`/monitors/${round}?account_id=${round}`);
      await service.client.post(`/heartbeats/${round}`);
      await service.client.post(`/ingest/${round}`, {});
      return (await Scrape.afterReadings(service)).samples;
    };
    await make('first');
    // Its own scrape was counted too.
    const first = await make('second');
    expect(first.filter((sample) => sample.includes('wrong'))).toEqual([]);
    await eventually(async () => expect(await make('third')).toEqual(first));
  });

  it('names no account, event, type of an event or URL', async () => {
    await service.client.post(
      '/events',
      tenantEvent('secret-account', 'secret-event', { type: 'secret.type' }),
    );
    await service.client.get('/events/secret-event?account_id=secret-account');
    await service.client.get('/nowhere/secret-path');
    expect((await Scrape.afterReadings(service)).text).not.toContain('secret');
  });
});

describe('what is counted', () => {
  it('follows a webhook from the door to the destination', async () => {
    const before = await Scrape.of(service);
    await service.client.stripe(payoutFailed('evt_counted'));
    await service.client.stripe(payoutFailed('evt_counted'));
    await service.client.stripe(payoutFailed('evt_forged'), { secret: 'whsec_of_somebody_else' });
    await expectGrowth(before, {
      'events_ingested_total{source="stripe",kind="payment",severity="critical"}': 1,
      'events_deduplicated_total{source="stripe"}': 1,
      'signals_rejected_total{source="stripe",reason="signature_mismatch"}': 1,
      'http_requests_total{method="POST",route="/ingest/stripe",status="200"}': 2,
      'http_requests_total{method="POST",route="/ingest/stripe",status="400"}': 1,
      'http_request_duration_seconds_count{method="POST",route="/ingest/stripe",status="200"}': 2,
      commit_duration_seconds_count: 2,
      'delivery_attempts_total{destination="pagerduty",outcome="delivered"}': 1,
      'deliveries_total{destination="pagerduty",status="delivered"}': 1,
      'delivery_latency_seconds_count{destination="pagerduty"}': 1,
    });
  });

  it('tells a delivery that is dead from an attempt that failed', async () => {
    const before = await Scrape.of(service);
    destination.next(answer(500), answer(500));
    await service.app.get(Recorder).record([incident('dying')]);
    await expectGrowth(before, {
      'delivery_attempts_total{destination="pagerduty",outcome="server_error"}': 2,
      'deliveries_total{destination="pagerduty",status="dead"}': 1,
      'deliveries_total{destination="pagerduty",status="delivered"}': 0,
    });
  });

  it('says by which pattern a request went, and nothing more of one that has none', async () => {
    const before = await Scrape.of(service);
    await service.client.get('/nowhere');
    await service.client.get('/events/evt_counted');
    await expectGrowth(before, {
      'http_requests_total{method="GET",route="unmatched",status="404"}': 1,
      'http_requests_total{method="GET",route="/events/:event_id",status="200"}': 1,
    });
  });
});

describe('what is told of monitors', () => {
  it('is the state of each by its id, and how the checks of all of them go', async () => {
    const targets = new TargetServers();
    const url = await targets.http((_request, response) => response.writeHead(500).end());
    const failing = await watch(service, { url });
    const resting = await watch(service, { url, paused: true });
    await checked(service, failing, (check) => check.class === 'down');
    const scrape = await Scrape.afterReadings(service);
    const states = ['up', 'degraded', 'down', 'unknown', 'paused'];
    const stateOf = (id: string): (number | undefined)[] =>
      states.map((state) => scrape.value(`monitor_state{monitor="${id}",state="${state}"}`));
    expect(stateOf(failing.id)).toEqual([0, 0, 1, 0, 0]);
    expect(stateOf(resting.id)).toEqual([0, 0, 0, 0, 1]);
    expect(states.map((state) => scrape.value(`monitors{state="${state}"}`))).toEqual([0, 0, 1, 0, 1]);
    expect(scrape.value('monitor_checks_total{result="down"}')).toBeGreaterThan(0);
    expect(scrape.value('monitor_check_lag_seconds_count')).toBeGreaterThan(0);
    await targets.close();
  });
});

describe('the audit of what was accepted', () => {
  it('adds up at every scrape, whatever is under way', async () => {
    const posts = Array.from({ length: 40 }, (_, n) =>
      service.client.post('/events', tenantEvents('acme', 25, `audited-${n}`)),
    );
    const scrapes = await Promise.all(Array.from({ length: 10 }, () => Scrape.of(service)));
    await Promise.all(posts);
    scrapes.push(await Scrape.of(service));
    for (const scrape of scrapes) {
      const of = (name: string): number => scrape.value(name) as number;
      const stored = of('durable_total') + of('accepted_in_flight') + of('accepted_refused_total');
      expect([of('accepted_total'), of('durability_mismatch')]).toEqual([stored, 0]);
    }
    expect(scrapes.at(-1)?.value('accepted_in_flight')).toBe(0);
  });
});

describe('the reconciler of critical events', () => {
  it('finds one of which nobody is told, and only such a one', async () => {
    await service.app.get(Recorder).record([incident('told'), incident('untold')]);
    await eventually(() => expect(destination.calls).toContain('trigger default/untold'));
    expect((await Scrape.afterReadings(service)).value('critical_events_unaccounted')).toBe(0);

    const attempts = `DELETE FROM delivery_attempts WHERE delivery_id IN
      (SELECT id FROM deliveries WHERE event_id = 'untold')`;
    await change(service, attempts);
    await change(service, `DELETE FROM deliveries WHERE event_id = 'untold'`);
    expect((await Scrape.afterReadings(service)).value('critical_events_unaccounted')).toBe(1);
    expect(service.log).toContainEqual(
      expect.objectContaining({ level: 'error', event_id: 'untold', account_id: 'default' }),
    );

    // What was never noted as routed is judged by the rules, and those are no others for being sent again.
    await change(service, `UPDATE events SET routed = FALSE WHERE event_id = 'untold'`);
    expect((await service.client.post('/routes', { routes: [] }, {}, 'PUT')).status).toBe(200);
    expect((await Scrape.afterReadings(service)).value('critical_events_unaccounted')).toBe(1);
  });
});

describe('a scrape', () => {
  it('asks the database nothing, and so is answered without it', async () => {
    await service.app.get(Database).close();
    expect((await service.client.get('/readyz')).status).toBe(503);
    expect((await Scrape.of(service)).value('durability_mismatch')).toBe(0);
  });
});
