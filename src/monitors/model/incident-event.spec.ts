import { readDefinition } from './definition';
import type { Effect, Incident } from './incident';
import { eventOf, type Told } from './incident-event';
import type { CheckResult } from './monitor';

const START = Date.UTC(2031, 4, 6);

const incident: Incident = {
  started_at: START,
  state: 'down',
  severity: 'critical',
  down_since_at: START,
  is_flapping: false,
};

const check: CheckResult = {
  class: 'down',
  reason: 'status',
  failed: [
    { expectation: 'status', wanted: '200-299', seen: '500' },
    { expectation: 'body', wanted: 'ok', seen: null },
  ],
  started_at: START,
  duration_ms: 1,
  timings: null,
  http_status: 500,
  tls_days_left: null,
  limit_ms: null,
};

function told(changes: Partial<Told> = {}): Told {
  const reading = readDefinition({ name: 'Shop', service: 'web', url: 'https://shop.example/a?key=secret' });
  if ('faults' in reading) throw new Error(JSON.stringify(reading));
  const monitor = { monitor_id: 'm1', account_id: 'acme', definition: reading.definition };
  return { ...monitor, check, updated_at: START + 500, ...changes };
}

const event = (effect: Effect, changes: Partial<Told> = {}) => eventOf(effect, told(changes));

describe('the event of an incident', () => {
  it('says what was asked and what came instead, and no secret of the URL', () => {
    const opened = event({ do: 'open', incident });
    expect(opened).toMatchObject({
      account_id: 'acme',
      event_id: 'monitor:m1:2031-05-06T00:00:00.000Z',
      source: 'monitor',
      kind: 'incident',
      severity: 'critical',
      service: 'web',
      type: 'http',
      summary: 'Shop is down',
      description:
        'GET https://shop.example/a: status: wanted 200-299, got 500; body: wanted ok, got nothing',
      started_at: START,
      resolved_at: null,
      updated_at: START + 500,
    });
    expect(opened.raw).not.toContain('secret');
  });

  it('is the same one when it is resolved, and says why where no check did', () => {
    const resolve = { do: 'resolve', incident, resolved_at: START + 60_000 } as const;
    const resolved = event(resolve, { check: null, because: 'the monitor was deleted' });
    expect(resolved.event_id).toBe(event({ do: 'open', incident }).event_id);
    expect(resolved.resolved_at).toBe(START + 60_000);
    expect(resolved.description).toBe(
      'From 2031-05-06T00:00:00.000Z to 2031-05-06T00:01:00.000Z. It ended because the monitor was deleted.',
    );
  });

  it('is marked where it flaps, and the notice is one of its own that pages nobody', () => {
    const flapping = { ...incident, is_flapping: true };
    expect(event({ do: 'update', incident: flapping }).summary).toBe('Shop is flapping (down)');
    expect(event({ do: 'notice', incident: flapping })).toMatchObject({
      event_id: 'monitor:m1:2031-05-06T00:00:00.000Z:flapping',
      kind: 'activity',
      severity: 'info',
      resolved_at: null,
    });
  });
});
