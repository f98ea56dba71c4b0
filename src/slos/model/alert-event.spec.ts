import { Buffer } from 'node:buffer';
import { MAX_EVENT_ID_BYTES } from '../../normalization/normalized-event';
import { alertEvent, type AlertSubject } from './alert-event';

const SINCE = Date.UTC(2031, 4, 6, 10);
const SUBJECT: AlertSubject = {
  alert: 'burn_page',
  subject: 'events-availability',
  account_id: null,
  name: 'POST /events is available',
  service: 'signalbox',
};

describe('the event of an alert', () => {
  it('opens with what was measured', () => {
    const effect = { do: 'open', since_at: SINCE } as const;
    const facts = { updated_at: SINCE + 1, measured: { 'burn rate 1h': 14.5, 'burn rate 5m': null } };
    expect(alertEvent(effect, SUBJECT, facts)).toEqual({
      account_id: 'default',
      event_id: 'slo:all/events-availability:burn_page:2031-05-06T10:00:00.000Z',
      source: 'slo',
      kind: 'incident',
      severity: 'critical',
      service: 'signalbox',
      type: 'burn_page',
      user_id: null,
      summary: 'POST /events is available: spends its error budget so fast that somebody has to act now',
      description: 'burn rate 1h: 14.5; burn rate 5m: unknown',
      started_at: SINCE,
      resolved_at: null,
      updated_at: SINCE + 1,
      raw: '{"alert":"burn_page","subject":"events-availability","since_at":"2031-05-06T10:00:00.000Z","resolved_at":null,"measured":{"burn rate 1h":14.5,"burn rate 5m":null}}',
    });
  });

  it('resolves what it opened', () => {
    const facts = { updated_at: SINCE + 9_000, measured: {} };
    const opened = alertEvent({ do: 'open', since_at: SINCE }, SUBJECT, facts);
    const effect = { do: 'resolve', since_at: SINCE, resolved_at: SINCE + 8_000 } as const;
    const resolved = alertEvent(effect, SUBJECT, facts);
    expect(resolved).toEqual({ ...opened, resolved_at: SINCE + 8_000, raw: resolved.raw });
    expect(resolved.description).toBeNull();
  });

  it('belongs to the account of what it is about, and is another one there', () => {
    const effect = { do: 'open', since_at: SINCE } as const;
    const event = alertEvent(
      effect,
      { ...SUBJECT, account_id: 'default' },
      { updated_at: SINCE, measured: {} },
    );
    expect(event.account_id).toBe('default');
    expect(event.event_id).toBe('slo:default/events-availability:burn_page:2031-05-06T10:00:00.000Z');
  });

  it('has an id that is short enough for the longest of names', () => {
    const subject = {
      ...SUBJECT,
      account_id: 'a'.repeat(64),
      subject: `${'b'.repeat(64)}:${'€'.repeat(200)}`,
    };
    const event = alertEvent({ do: 'open', since_at: SINCE }, subject, { updated_at: SINCE, measured: {} });
    expect(Buffer.byteLength(event.event_id)).toBeLessThanOrEqual(MAX_EVENT_ID_BYTES);
  });
});
