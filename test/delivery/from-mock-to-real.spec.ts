import type { NormalizedEvent } from '../../src/normalization/normalized-event';
import { Recorder } from '../../src/recording/recorder';
import { eventually } from '../harness/eventually';
import { answer, FakeDestination } from '../harness/fake-destination';
import { startService, stopServices, type RunningService } from '../harness/service';

const T0 = Date.UTC(2026, 0, 1);
const ROUTING_KEY = '0123456789abcdef0123456789abcdef';

const outage = (changes: Partial<NormalizedEvent> = {}): NormalizedEvent => ({
  account_id: 'default',
  event_id: 'acme_status:inc_1',
  source: 'acme_status',
  kind: 'incident',
  severity: 'critical',
  service: 'acme',
  type: 'incident',
  user_id: null,
  summary: 'Down',
  description: null,
  started_at: T0,
  resolved_at: null,
  updated_at: T0,
  raw: '{}',
  ...changes,
});

describe('promise 4, when a routing key takes the place of the mock', () => {
  let real: FakeDestination;

  beforeEach(async () => {
    real = await FakeDestination.start();
  });
  afterEach(async () => {
    await stopServices();
    await real.stop();
  });

  const restart = async (service: RunningService): Promise<RunningService> => {
    await service.stop();
    return startService({
      ...service.environment,
      PAGERDUTY_ROUTING_KEY: ROUTING_KEY,
      PAGERDUTY_EVENTS_URL: real.url,
    });
  };

  const record = (service: RunningService, event: NormalizedEvent): Promise<unknown> =>
    service.app.get(Recorder).record([event]);

  it('opens anew, at its next change, what only the mock knew of, and closes it there', async () => {
    const before = await startService();
    await record(before, outage());
    await eventually(async () => expect(await before.client.deliveries('?status=delivered')).toHaveLength(1));

    const after = await restart(before);
    await record(after, outage({ summary: 'Still down', updated_at: T0 + 1 }));
    await eventually(() => expect(real.calls).toEqual(['trigger default/acme_status:inc_1']));
    await record(after, outage({ summary: 'Still down', updated_at: T0 + 2, resolved_at: T0 + 2 }));
    await eventually(() => {
      expect(real.received.map(({ body }) => [body.event_action, body.routing_key])).toEqual([
        ['trigger', ROUTING_KEY],
        ['resolve', ROUTING_KEY],
      ]);
    });
  });

  it('sends nothing about what only the mock knew of and is over', async () => {
    const before = await startService();
    await record(before, outage());
    await eventually(async () => expect(await before.client.deliveries('?status=delivered')).toHaveLength(1));

    const after = await restart(before);
    await record(after, outage({ updated_at: T0 + 1, resolved_at: T0 + 1 }));
    await record(after, outage({ event_id: 'acme_status:inc_2' }));
    await eventually(() => expect(real.calls).toEqual(['trigger default/acme_status:inc_2']));
  });

  it('sends what the mock never took through the new key', async () => {
    const refusing = await FakeDestination.start(answer(503));
    const before = await startService({ PAGERDUTY_EVENTS_URL: refusing.url });
    await record(before, outage());
    await eventually(() => expect(refusing.calls).not.toEqual([]));

    await restart(before);
    await eventually(() => expect(real.received[0]?.body.routing_key).toBe(ROUTING_KEY));
    await refusing.stop();
  });
});
