import { WaitingAlarm, WAITING_TOO_LONG_MS } from '../../src/delivery/waiting-alarm';
import { Heartbeat } from '../../src/health/heartbeat';
import { eventually } from '../harness/eventually';
import { answer, FakeDestination } from '../harness/fake-destination';
import { payoutFailed } from '../harness/service-client';
import { startService, stopServices } from '../harness/service';
import { change } from './paging-service';

const ROUTING_KEY = '0123456789abcdef0123456789abcdef';

describe('promise 3: never silent', () => {
  let destination: FakeDestination;

  afterEach(async () => {
    await stopServices();
    await destination.stop();
  });

  it('is an error, and keeps back the heartbeat, when pages have waited too long', async () => {
    destination = await FakeDestination.start(answer(503));
    const service = await startService({
      PAGERDUTY_EVENTS_URL: destination.url,
      BREAKER_RESET_MS: '60000',
      HEARTBEAT_URL: destination.url,
    });
    const alarm = service.app.get(WaitingAlarm);
    await service.client.stripe(payoutFailed('evt_1'));
    await alarm.check();
    const errors = (): unknown[] => service.log.filter(({ level }) => level === 'error');
    expect(errors()).toEqual([]);

    await change(service, 'UPDATE deliveries SET created_at = created_at - ?', [WAITING_TOO_LONG_MS]);
    await alarm.check();
    expect(errors()).toMatchObject([{ msg: expect.stringContaining('pages are waiting') as unknown }]);
    const ready = await service.client.get<{ details: Record<string, unknown> }>('/readyz');
    expect(ready).toMatchObject({ status: 200, body: { details: { deliveries: { status: 'degraded' } } } });
    await service.app.get(Heartbeat).beat();
    expect(service.log.map(({ msg }) => msg)).toContainEqual(expect.stringContaining('no heartbeat is sent'));
  });

  it('does not take a web page for an acceptance', async () => {
    destination = await FakeDestination.start();
    destination.next(
      answer(200, { 'content-type': 'text/html; charset=utf-8' }, '<html>Please log in</html>'),
    );
    const service = await startService({ PAGERDUTY_EVENTS_URL: destination.url });
    await service.client.stripe(payoutFailed('evt_1'));
    await eventually(async () => {
      const { deliveries } = await service.client.event('evt_1');
      expect(deliveries[0]?.attempts.map(({ outcome }) => outcome)).toEqual(['server_error', 'delivered']);
    });
  });

  it('keeps no secret that an answer repeats', async () => {
    destination = await FakeDestination.start(answer(400, {}, `{"message":"bad key ${ROUTING_KEY}"}`));
    const service = await startService({
      PAGERDUTY_EVENTS_URL: destination.url,
      PAGERDUTY_ROUTING_KEY: ROUTING_KEY,
    });
    await service.client.stripe(payoutFailed('evt_1'));
    const dead = await eventually(async () => {
      const [delivery] = await service.client.deliveries('?status=dead');
      expect(delivery).toBeDefined();
      return delivery;
    });
    expect(dead?.attempts[0]?.response).toBe('{"message":"bad key [redacted]"}');
    expect(JSON.stringify(service.log)).not.toContain(ROUTING_KEY);
  });
});
