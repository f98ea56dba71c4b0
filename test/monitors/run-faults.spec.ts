import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { HttpChecks } from '../../src/monitors/check/http-checks';
import { Names } from '../../src/monitors/check/names';
import { OwnSide } from '../../src/monitors/check/own-side';
import { Stalls } from '../../src/monitors/check/stalls';
import { CheckRunner } from '../../src/monitors/run/check-runner';
import { publicAddress } from '../../src/reliability/address-guard';
import { eventually } from '../harness/eventually';
import { FakeDestination } from '../harness/fake-destination';
import { stopServices, type RunningService } from '../harness/service';
import { Authority, ending } from './certificates';
import { TargetServers } from './target-server';
import { calls, checked, incidents, incidentsOf, startWatching, watch } from './watching';

const authority = new Authority();
const trusted = getCACertificates('default');

let pagerduty: FakeDestination;
let targets: TargetServers;
let service: RunningService;

beforeAll(() => setDefaultCACertificates([...trusted, authority.cert]));
beforeEach(async () => {
  pagerduty = await FakeDestination.start();
  targets = new TargetServers();
});
afterEach(async () => {
  await stopServices();
  await targets.close();
  await pagerduty.stop();
});
afterAll(() => setDefaultCACertificates(trusted));

/** A server with a certificate that ends in so many days. */
async function secure(days: number): Promise<string> {
  const url = await targets.https(authority.issue(ending(days, 'localhost')), (_request, response) => {
    response.end('ok');
  });
  return url.replace('127.0.0.1', 'localhost');
}

/** A server whose answer begins after so long, or never. */
const slow = (afterMs: number): Promise<string> =>
  targets.http((_request, response) => {
    if (Number.isFinite(afterMs)) setTimeout(() => response.end('ok'), afterMs);
  });

describe('a target that', () => {
  it.each<[string, () => Promise<string>, Record<string, unknown>, string, string]>([
    ['hangs', () => slow(Infinity), {}, 'is down', 'answer'],
    [
      'answers late',
      () => slow(60),
      { expect: { degraded_above_ms: 20 } },
      'is degraded',
      'degraded_above_ms',
    ],
    ['answers too late', () => slow(60), { expect: { down_above_ms: 20 } }, 'is down', 'down_above_ms'],
    ['breaks TLS', () => targets.raw((socket) => socket.end('no TLS'), 'https'), {}, 'is down', 'answer'],
    ['lets its certificate expire', () => secure(-1), {}, 'is down', 'CERT_HAS_EXPIRED'],
    [
      'is about to let it expire',
      () => secure(2.5),
      { expect: { tls_days_left: 7 } },
      'is degraded',
      'tls_days_left: wanted at least 7 days, got 2 days',
    ],
  ])('%s is an incident that says so', async (_what, target, fields, summary, description) => {
    service = await startWatching(pagerduty);
    const monitor = await watch(service, { url: await target(), ...fields });
    const [open] = await incidents(service, monitor, 1, 'open');
    expect(open!.summary).toBe(`API ${summary}`);
    expect(open!.description).toContain(description);
    const pages = summary === 'is down' ? ['trigger'] : [];
    expect(open!.severity).toBe(summary === 'is down' ? 'critical' : 'warning');
    await eventually(() => expect(calls(pagerduty, open!.event_id)).toEqual(pages));
  });

  it('redirects into a private range is down; one that is in such a range itself is unknown', async () => {
    service = await startWatching(pagerduty);
    const { app } = service;
    const [names, ownSide, stalls] = [Names, OwnSide, Stalls].map((type) =>
      app.get<unknown>(type, { strict: false }),
    ) as [Names, OwnSide, Stalls];
    // The loopback of IPv4 stands for the public network here; what is special stays special.
    const rule = (address: string): string | null =>
      address === '127.0.0.1' ? null : publicAddress(address);
    const checks = new HttpChecks(rule, names, ownSide, stalls);
    Object.assign(app.get(CheckRunner, { strict: false }), { checks });

    const url = await targets.http((_request, response) => {
      response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end();
    });
    const [redirecting, own] = [
      await watch(service, { url }),
      await watch(service, { url: 'http://[::1]:1/' }),
    ];
    const [open] = await incidents(service, redirecting, 1, 'open');
    expect(open!.description).toContain('link-local');
    const { reason } = await checked(service, own, (check) => check.class === 'unknown');
    expect(reason).toBe('address_refused');
    expect(await incidentsOf(service, own)).toEqual([]);
  });
});
