import { MOCK_ROUTING_KEY } from '../destinations/pagerduty-message';
import { identityFaults, isNormalizedEvent, translateEvent } from './translate-event';
import { validate } from './validate';

const event = {
  account_id: 'acme',
  event_id: 'evt_7',
  source: 'braze_status',
  kind: 'incident',
  severity: 'critical',
  service: 'braze',
  type: 'incident',
  user_id: null,
  summary: 'Messages are delayed',
  description: null,
  started_at: '2031-05-06T07:08:09.000Z',
  resolved_at: null,
};

describe('isNormalizedEvent', () => {
  it.each([[event], [{ event_id: 'x' }], [{ event_id: 7 }]])('takes %j for an event of ours', (body) => {
    expect(isNormalizedEvent(body)).toBe(true);
  });

  it.each([
    [{ event_id: 'x', event_action: 'trigger' }],
    [{ event_action: 'resolve' }],
    [{}],
    [[event]],
    ['event_id'],
    [null],
    [undefined],
    [JSON.parse('{"__proto__":{"event_id":"x"}}')],
  ])('does not take %j for one', (body) => {
    expect(isNormalizedEvent(body)).toBe(false);
  });
});

describe('translateEvent', () => {
  it('makes a trigger of an open event', () => {
    const message = translateEvent(event);
    expect(message).toEqual({
      routing_key: MOCK_ROUTING_KEY,
      event_action: 'trigger',
      dedup_key: 'acme/evt_7',
      payload: {
        summary: 'Messages are delayed',
        source: 'braze',
        severity: 'critical',
        timestamp: '2031-05-06T07:08:09.000Z',
        component: 'braze',
        group: 'braze_status',
        class: 'incident',
      },
    });
    expect(validate(message)).toEqual([]);
  });

  it('makes a resolve of a resolved event', () => {
    const message = translateEvent({ ...event, resolved_at: '2031-05-06T08:00:00.000Z' });
    expect(message).toMatchObject({ event_action: 'resolve', dedup_key: 'acme/evt_7' });
    expect(validate(message)).toEqual([]);
  });

  it.each([
    ['a trigger', undefined],
    ['a resolve', '2031-05-06T08:00:00.000Z'],
  ])('gives %s the default account where the event names none', (_, resolved_at) => {
    expect(translateEvent({ ...event, account_id: undefined, resolved_at }).dedup_key).toBe('default/evt_7');
  });

  it('takes the source where there is no service', () => {
    expect(translateEvent({ ...event, service: undefined }).payload).toMatchObject({
      source: 'braze_status',
    });
  });

  it('hashes the key of a long id', () => {
    expect(translateEvent({ ...event, event_id: 'é'.repeat(512) }).dedup_key).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    [{ severity: 'bogus' }],
    [{ summary: 'x'.repeat(1_025) }],
    [{ summary: undefined }],
    [{ started_at: 'yesterday' }],
    [{ routing_key: 'short' }],
  ])('leaves %j to be refused', (changes) => {
    expect(validate(translateEvent({ ...event, ...changes }))).toHaveLength(1);
  });
});

describe('identityFaults', () => {
  it('finds none in an event of ours, with or without an account', () => {
    expect([...identityFaults(event), ...identityFaults({ event_id: 'x' })]).toEqual([]);
  });

  it.each([7, '', null, undefined, {}, ['x']])('refuses the event id %j', (event_id) => {
    expect(identityFaults({ event_id })).toEqual(["'event_id' must be a string that is not empty"]);
  });

  it.each([7, '', null, {}])('refuses the account %j', (account_id) => {
    expect(identityFaults({ account_id, event_id: 'x' })).toEqual([
      "'account_id' must be a string that is not empty",
    ]);
  });
});
