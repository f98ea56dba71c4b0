import { validate } from './validate';

const payload = { summary: 'Payouts fail', source: 'stripe', severity: 'critical' };
const trigger = { routing_key: 'a1B2'.repeat(8), event_action: 'trigger', payload };

describe('validate', () => {
  it.each<[what: string, message: unknown]>([
    ['the least a trigger needs', trigger],
    [
      'all that a trigger may have',
      {
        ...trigger,
        dedup_key: 'a/b',
        client: 'Signalbox',
        client_url: 'https://signalbox.example',
        links: [{ href: 'https://signalbox.example', text: 'more' }],
        images: [{ src: 'https://signalbox.example/x.png' }],
        payload: {
          ...payload,
          timestamp: '2031-05-06T07:08:09.123Z',
          component: 'payouts',
          group: 'money',
          class: 'failure',
          custom_details: { depth: { of: ['any', 'sort'] } },
        },
      },
    ],
    ['an acknowledge', { ...trigger, event_action: 'acknowledge', dedup_key: 'k', payload: undefined }],
    ['a resolve', { routing_key: trigger.routing_key, event_action: 'resolve', dedup_key: 'k' }],
    ['fields it does not know', { ...trigger, extra: 1, payload: { ...payload, extra: [] } }],
    ['null where a field may be absent', { ...trigger, dedup_key: null, client: null, links: null }],
    ['a summary of 1,024 emoji', { ...trigger, payload: { ...payload, summary: '💥'.repeat(1_024) } }],
    ['a key of 255 emoji', { ...trigger, dedup_key: '💥'.repeat(255) }],
    ['a name __proto__', JSON.parse(JSON.stringify(trigger).replace('{', '{"__proto__":{"routing_key":1},'))],
  ])('accepts %s', (_, message) => {
    expect(validate(message)).toEqual([]);
  });

  it.each([[[]], [[trigger]], ['text'], [7], [true], [null], [undefined]])(
    'refuses %j, which is no object',
    (message) => {
      expect(validate(message)).toEqual(['Event object must be a JSON object']);
    },
  );

  const summaryTooLong = "Length of 'payload.summary' is incorrect (should be at most 1024 characters)";
  const keyTooLong = "Length of 'dedup_key' is incorrect (should be at most 255 characters)";
  const actionUnknown =
    "'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge', 'resolve')";
  const severityUnknown =
    "'payload.severity' is invalid (must be one of the following: 'critical', 'error', 'warning', 'info')";

  it.each<[changes: Record<string, unknown>, fault: string]>([
    [{ routing_key: undefined }, "'routing_key' is missing or blank"],
    [{ routing_key: ' ' }, "'routing_key' is missing or blank"],
    [{ routing_key: 7 }, "'routing_key' must be a string"],
    [{ routing_key: 'a'.repeat(31) }, "Length of 'routing_key' is incorrect (should be 32 characters)"],
    [{ routing_key: 'a'.repeat(33) }, "Length of 'routing_key' is incorrect (should be 32 characters)"],
    [{ routing_key: '-'.repeat(32) }, "'routing_key' cannot contain non-alphanumeric characters."],
    [{ event_action: undefined }, "'event_action' is missing or blank"],
    [{ event_action: 'Trigger' }, actionUnknown],
    [{ event_action: ['trigger'] }, actionUnknown],
    [{ event_action: 'toString' }, actionUnknown],
    [{ event_action: 'acknowledge' }, "'dedup_key' is missing or blank"],
    [{ event_action: 'resolve', dedup_key: '' }, "'dedup_key' is missing or blank"],
    [{ dedup_key: 7 }, "'dedup_key' must be a string"],
    [{ dedup_key: 'k'.repeat(256) }, keyTooLong],
    [{ event_action: 'resolve', dedup_key: 'k'.repeat(256) }, keyTooLong],
    [{ payload: undefined }, "'payload' is missing or blank"],
    [{ payload: 'text' }, "'payload' must be an object"],
    [{ payload: [payload] }, "'payload' must be an object"],
    [{ client: 7 }, "'client' must be a string"],
    [{ client_url: {} }, "'client_url' must be a string"],
    [{ links: {} }, "'links' must be an array"],
    [{ links: [{ text: 'nowhere' }] }, "'links' is invalid (every item needs a 'href')"],
    [{ links: [{ href: 'https://x.example' }, null] }, "'links' is invalid (every item needs a 'href')"],
    [{ images: 'https://x.example' }, "'images' must be an array"],
    [{ images: [{ href: 'https://x.example' }] }, "'images' is invalid (every item needs a 'src')"],
  ])('refuses a trigger with %j', (changes, fault) => {
    expect(validate({ ...trigger, ...changes })).toEqual([fault]);
  });

  it.each<[changes: Record<string, unknown>, fault: string]>([
    [{ summary: undefined }, "'payload.summary' is missing or blank"],
    [{ summary: '' }, "'payload.summary' is missing or blank"],
    [{ summary: 7 }, "'payload.summary' must be a string"],
    [{ summary: 'x'.repeat(1_025) }, summaryTooLong],
    [{ summary: '💥'.repeat(1_025) }, summaryTooLong],
    [{ summary: '\uD83D'.repeat(1_025) }, summaryTooLong],
    [{ source: null }, "'payload.source' is missing or blank"],
    [{ source: '\t' }, "'payload.source' is missing or blank"],
    [{ source: ['stripe'] }, "'payload.source' must be a string"],
    [{ severity: undefined }, "'payload.severity' is missing or blank"],
    [{ severity: 'fatal' }, severityUnknown],
    [{ severity: 1 }, severityUnknown],
    [{ component: 7 }, "'payload.component' must be a string"],
    [{ group: {} }, "'payload.group' must be a string"],
    [{ class: [] }, "'payload.class' must be a string"],
    [{ custom_details: [] }, "'payload.custom_details' must be an object"],
    [{ custom_details: 'text' }, "'payload.custom_details' must be an object"],
  ])('refuses a payload with %j', (changes, fault) => {
    expect(validate({ ...trigger, payload: { ...payload, ...changes } })).toEqual([fault]);
  });

  const withTimestamp = (timestamp: unknown): unknown => ({ ...trigger, payload: { ...payload, timestamp } });

  it.each([
    '2031-05-06',
    '2031-05-06T07:08Z',
    '2031-05-06T07:08+02:00',
    '2031-05-06T07:08:09',
    '2031-05-06T07:08:09Z',
    '2031-05-06T07:08:09.123456+02:00',
    '2031-05-06T07:08:09.123+0000',
    '2031-05-06T07:08:09-07',
  ])('accepts the timestamp %s', (timestamp) => {
    expect(validate(withTimestamp(timestamp))).toEqual([]);
  });

  it.each([
    '',
    'yesterday',
    '06/05/2031',
    '2031-05-06Z',
    '2031-05-06T07:08:09+2',
    '2031-13-06T07:08:09Z',
    '2031-05-06T25:08:09Z',
    '2031-05-06T07:61:09Z',
    '2031-05-06T07:08:61Z',
    1_935_558_489,
    {},
    `2031-05-06T07:08:09.${'1'.repeat(100_000)}`,
  ])('refuses a timestamp that is no ISO 8601 (case %#)', (timestamp) => {
    expect(validate(withTimestamp(timestamp))).toEqual([
      "'payload.timestamp' is invalid (must be an ISO 8601 date and time)",
    ]);
  });

  it('names every fault at once, and one per list however long', () => {
    const links = Array.from({ length: 10_000 }, () => 7);
    expect(validate({ event_action: 'trigger', payload: {}, links })).toEqual([
      "'routing_key' is missing or blank",
      "'payload.summary' is missing or blank",
      "'payload.source' is missing or blank",
      "'payload.severity' is missing or blank",
      "'links' is invalid (every item needs a 'href')",
    ]);
  });

  it('refuses texts of a megabyte without repeating them', () => {
    const long = 'x'.repeat(1_000_000);
    const faults = validate({
      ...trigger,
      routing_key: long,
      event_action: long,
      dedup_key: long,
      payload: { ...payload, summary: long, severity: long, timestamp: long },
    });
    expect(faults.length).toBeGreaterThan(2);
    expect(faults.join().length).toBeLessThan(1_000);
  });
});
