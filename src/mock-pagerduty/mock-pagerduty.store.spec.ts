import { MockPagerDutyStore, type Processed } from './mock-pagerduty.store';

const ROUTING_KEY = `${'a'.repeat(28)}wxyz`;
const RECEIVED_AT = Date.UTC(2031, 4, 6);

function send(store: MockPagerDutyStore, changes: Record<string, unknown> = {}): Processed {
  const message = {
    routing_key: ROUTING_KEY,
    event_action: 'trigger' as const,
    dedup_key: 'key',
    ...changes,
  };
  return store.process(message, message, RECEIVED_AT);
}

function eventsOf(store: MockPagerDutyStore): Record<string, unknown>[] {
  return (JSON.parse(store.toJson()) as { events: Record<string, unknown>[] }).events;
}

describe('MockPagerDutyStore', () => {
  it('is empty at first', () => {
    expect(JSON.parse(new MockPagerDutyStore().toJson())).toEqual({ events: [], incidents: [] });
  });

  it('keeps what it received, with its time and without the routing key', () => {
    const store = new MockPagerDutyStore();
    expect(send(store, { payload: { summary: 'é💥' } })).toEqual({ dedup_key: 'key', state: 'triggered' });
    expect(JSON.parse(store.toJson())).toEqual({
      events: [
        {
          routing_key: '****wxyz',
          event_action: 'trigger',
          dedup_key: 'key',
          payload: { summary: 'é💥' },
          received_at: '2031-05-06T00:00:00.000Z',
        },
      ],
      incidents: [{ dedup_key: 'key', state: 'triggered' }],
    });
    expect(store.toJson()).not.toContain(ROUTING_KEY);
  });

  it('says what it made of a body that was translated', () => {
    const store = new MockPagerDutyStore();
    const message = { routing_key: ROUTING_KEY, event_action: 'resolve' as const, dedup_key: 'default/x' };
    store.process({ event_id: 'x', received_at: 'long ago' }, message, RECEIVED_AT);
    expect(eventsOf(store)).toEqual([
      {
        event_id: 'x',
        event_action: 'resolve',
        dedup_key: 'default/x',
        routing_key: '****wxyz',
        received_at: '2031-05-06T00:00:00.000Z',
      },
    ]);
  });

  it.each([[undefined], [null], ['']])(
    'makes a key of its own for every trigger with the key %j',
    (dedup_key) => {
      const store = new MockPagerDutyStore();
      const keys = [send(store, { dedup_key }), send(store, { dedup_key })].map(
        (processed) => processed.dedup_key,
      );
      expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
      expect(new Set(keys).size).toBe(2);
      expect(eventsOf(store).map((event) => event.dedup_key)).toEqual(keys);
    },
  );

  it('keeps the newest 1,000, oldest first', () => {
    const store = new MockPagerDutyStore();
    for (let number = 1; number <= 1_003; number++) send(store, { number });
    const numbers = eventsOf(store).map((event) => event.number);
    expect(numbers).toHaveLength(1_000);
    expect([numbers[0], numbers.at(-1)]).toEqual([4, 1_003]);
  });

  it('keeps no more than 16 MB, counted in bytes', () => {
    const store = new MockPagerDutyStore();
    const text = 'é'.repeat(250_000);
    for (let number = 1; number <= 40; number++) send(store, { number, text });
    const numbers = eventsOf(store).map((event) => event.number);
    expect(numbers).toEqual(Array.from({ length: 33 }, (_, index) => index + 8));
  });

  it('keeps a name __proto__ as one like any other', () => {
    const store = new MockPagerDutyStore();
    const received = JSON.parse('{"__proto__":{"routing_key":"stolen"},"event_id":"x"}') as Record<
      string,
      unknown
    >;
    store.process(received, { routing_key: ROUTING_KEY, event_action: 'trigger' }, RECEIVED_AT);
    expect(store.toJson()).toContain('"__proto__":{"routing_key":"stolen"}');
    expect(eventsOf(store)[0]?.routing_key).toBe('****wxyz');
  });
});
