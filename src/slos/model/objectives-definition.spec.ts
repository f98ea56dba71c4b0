import { parse } from 'yaml';
import { DEFAULT_OBJECTIVES } from './default-objectives';
import type { Objective } from './objective';
import { readObjectives } from './objectives-definition';

function objectivesOf(input: unknown): readonly Objective[] {
  const reading = readObjectives(input);
  if ('faults' in reading) throw new Error(JSON.stringify(reading.faults));
  return reading.objectives;
}

/** Faults of a list of entries, as sentences. */
function sentences(...entries: unknown[]): string[] {
  const reading = readObjectives({ objectives: entries });
  return 'faults' in reading ? reading.faults.map(({ field, message }) => `${field} ${message}`) : [];
}

const OWN = { id: 'checkout', kind: 'availability', routes: ['POST /events'], objective: 0.99, window: '7d' };

describe('objectives', () => {
  it('are the defaults where nothing is said', () => {
    expect(readObjectives({ objectives: [] })).toEqual({ objectives: DEFAULT_OBJECTIVES, warnings: [] });
  });

  it('are what was promised by default', () => {
    const promised = DEFAULT_OBJECTIVES.map((one) => {
      const below = 'below_ms' in one ? ` below ${one.below_ms}` : '';
      return `${one.id}: ${one.kind} ${one.objective}${below} over ${one.window}`;
    });
    expect(promised).toEqual([
      'events-availability: availability 0.999 over 30d',
      'stripe-availability: availability 0.999 over 30d',
      'events-latency-p95: latency 0.95 below 200 over 7d',
      'events-latency-p99: latency 0.99 below 500 over 7d',
      'stripe-latency-p95: latency 0.95 below 200 over 7d',
      'stripe-latency-p99: latency 0.99 below 500 over 7d',
      'summary-availability: availability 0.999 over 30d',
      'summary-latency-cached: latency 0.99 below 300 over 7d',
      'summary-latency-computed: latency 0.99 below 1000 over 7d',
      'queue-latency: queue_latency 0.95 below 5000 over 24h',
      'delivery-latency: delivery_latency 0.95 below 5000 over 24h',
      'error-rate: error_rate 0.999 over 30d',
      'monitor-availability: monitor 0.999 over 30d',
      'vendor-availability: vendor 0.999 over 30d',
    ]);
  });

  it('are read from YAML: changes of defaults, what is left out, and ones of one account', () => {
    const yaml = `
objectives:
  - id: events-availability
    objective: 0.9995
  - id: error-rate
    enabled: false
  - id: events-latency-p95
    account: acme
    below_ms: 150
  - id: checkout
    account: acme
    kind: availability
    routes: [POST /events, POST /ingest/stripe]
    objective: 0.9999
    window: 90d
`;
    const objectives = objectivesOf(parse(yaml));
    const changed = DEFAULT_OBJECTIVES.filter(({ id }) => id !== 'error-rate').map((one) =>
      one.id === 'events-availability' ? { ...one, objective: 0.9995 } : one,
    );
    const latency = DEFAULT_OBJECTIVES.find(({ id }) => id === 'events-latency-p95')!;
    expect(objectives).toEqual([
      ...changed,
      { ...latency, account_id: 'acme', below_ms: 150 },
      {
        id: 'checkout',
        account_id: 'acme',
        name: 'checkout',
        objective: 0.9999,
        window: '90d',
        kind: 'availability',
        routes: ['POST /events', 'POST /ingest/stripe'],
      },
    ]);
  });

  it.each<[fields: Record<string, unknown>, own: Record<string, unknown>]>([
    [{ kind: 'availability', routes: ['GET /x'] }, {}],
    [{ kind: 'latency', routes: ['GET /x'], below_ms: 75 }, { cache: null }],
    [{ kind: 'latency', routes: ['GET /x'], below_ms: 75, cache: 'miss' }, {}],
    [{ kind: 'queue_latency', below_ms: 1_000 }, { queue: 'events' }],
    [{ kind: 'delivery_latency', below_ms: 60_000 }, {}],
    [{ kind: 'error_rate' }, { routes: null }],
    [{ kind: 'error_rate', routes: ['GET /x'] }, {}],
    [{ kind: 'monitor', monitor: 'abc' }, {}],
    [{ kind: 'vendor', vendor: 'braze' }, {}],
  ])('of any kind have what they need: %j', (fields, own) => {
    const objectives = objectivesOf({
      objectives: [{ id: 'x', name: 'X', objective: 0.95, window: '28d', ...fields }],
    });
    const expected = { id: 'x', account_id: null, name: 'X', objective: 0.95, window: '28d' };
    expect(objectives.at(-1)).toEqual({ ...expected, ...fields, ...own });
  });

  it('tell all faults at once, each by its field', () => {
    expect(
      sentences(
        { id: 'Events', kind: 'availability', routes: [], objective: 1, window: '1y', severty: 'info' },
        { id: 'x', kind: 'speed' },
        'nothing',
        {
          id: 'y',
          kind: 'latency',
          routes: ['POST /x', 'POST /x'],
          below_ms: 199,
          objective: 0.95,
          window: '7d',
        },
      ).map((sentence) => sentence.replace(/(must be one of 1, 2).*/, '$1…')),
    ).toEqual([
      'objectives[0].id must be 1 to 64 lower-case letters, digits and hyphens, the first of them no hyphen',
      'objectives[0].objective must be above 0 and below 1, to at most six places, such as 0.999',
      'objectives[0].window must be one of 24h, 7d, 28d, 30d, 90d',
      'objectives[0].routes must be a list of 1 to 100 routes such as POST /events, each once',
      'objectives[0].severty is no field of an objective of kind availability',
      'objectives[1].kind must be one of availability, latency, queue_latency, delivery_latency, error_rate, monitor, vendor',
      'objectives[2] must be an object',
      'objectives[3].routes must be a list of 1 to 100 routes such as POST /events, each once',
      'objectives[3].below_ms must be one of 1, 2…',
    ]);
  });

  it.each([
    [{ ...OWN, objective: undefined }, 'objectives[0].objective is missing'],
    [{ ...OWN, objective: 0 }, 'objectives[0].objective must be above 0 and below 1'],
    [{ ...OWN, objective: 0.999_999_9 }, 'objectives[0].objective must be above 0 and below 1'],
    [{ ...OWN, objective: 99.9 }, 'objectives[0].objective must be above 0 and below 1'],
    [{ ...OWN, objective: 0.8 }, 'objectives[0].objective is so low that nobody could ever be paged for it'],
    [{ ...OWN, account: 'no account' }, 'objectives[0].account must be the id of an account, or null'],
    [{ ...OWN, account_id: 'acme' }, 'objectives[0].account_id is no field of an objective'],
    [{ ...OWN, routes: 'POST /events' }, 'objectives[0].routes must be a list'],
    [{ ...OWN, routes: ['events'] }, 'objectives[0].routes must be a list'],
    [{ ...OWN, enabled: false }, 'objectives[0].enabled can be false only for a default objective'],
    [{ ...OWN, enabled: 'no' }, 'objectives[0].enabled must be true or false'],
    [
      { id: 'error-rate', account: 'acme', enabled: false },
      'objectives[0].enabled can be false only for a default objective of all accounts',
    ],
    [{ id: 'error-rate', kind: 'availability', routes: ['GET /x'] }, 'objectives[0].kind cannot be changed'],
  ])('refuse %j', (entry, sentence) => {
    expect(sentences(entry)).toEqual([expect.stringContaining(sentence)]);
  });

  it('refuse what is there twice, but for different accounts', () => {
    expect(sentences(OWN, { ...OWN, account: 'acme' }, { ...OWN, account: 'other' })).toEqual([]);
    expect(sentences(OWN, OWN)).toEqual(['objectives[1].id is there twice in this account']);
  });

  it.each([
    [null, null],
    [[], null],
    [{}, 'objectives'],
    [{ objectives: {} }, 'objectives'],
    [{ objectives: [], slos: [] }, 'slos'],
  ])('refuse a whole like %j', (input, field) => {
    expect(readObjectives(input)).toEqual({ faults: [expect.objectContaining({ field })] });
  });

  it('tell no more than 20 faults, however many there are', () => {
    expect(sentences(...Array<unknown>(1_000).fill({ id: 'x', kind: 'error_rate' }))).toHaveLength(20);
  });

  it('warn of what is doubtful', () => {
    expect(readObjectives({ objectives: [{ ...OWN, objective: 0.9 }] })).toMatchObject({
      warnings: [
        {
          field: 'objectives[0].objective',
          message: 'is so low that the alert at 14.4 × over 1h and 5m cannot fire',
        },
      ],
    });
  });
});
