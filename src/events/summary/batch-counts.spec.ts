import type { NormalizedEvent } from '../../normalization/normalized-event';
import { countBatch } from './batch-counts';
import { MAX_TYPES, TypeLimit } from './type-limit';

const DAY = Date.UTC(2026, 0, 15);

function event(account_id: string, changes: Partial<NormalizedEvent> = {}): NormalizedEvent {
  return {
    account_id,
    event_id: 'any',
    source: 'app',
    kind: 'activity',
    severity: 'info',
    service: 'shop',
    type: 'note',
    user_id: null,
    summary: 'Something',
    description: null,
    started_at: DAY,
    resolved_at: null,
    updated_at: DAY,
    raw: '{}',
    ...changes,
  };
}

/** Counts with a limit of its own, at one instant after the other. */
function counting(limit = new TypeLimit()) {
  return (events: readonly NormalizedEvent[], now = DAY) =>
    countBatch(events, (account_id) => limit.typesOf(account_id, now));
}

const typesFrom = (first: number, count: number): NormalizedEvent[] =>
  Array.from({ length: count }, (_, n) => event('a', { type: `type-${first + n}` }));

describe('what a batch adds to the roll-ups', () => {
  it('is one row for what is alike, in the order of its columns', () => {
    const { rows } = counting()([
      event('b'),
      event('a', { type: 'order', severity: 'warning' }),
      event('a', { type: 'order' }),
      event('a', { source: 'stripe' }),
      event('a', { type: 'order' }),
    ]);
    expect(rows).toEqual([
      ['a', 'info', 'app', 'order', 2],
      ['a', 'info', 'stripe', 'note', 1],
      ['a', 'warning', 'app', 'order', 1],
      ['b', 'info', 'app', 'note', 1],
    ]);
  });

  it('is what each user did, by account, where users are named', () => {
    const { tallies } = counting()([
      event('b', { user_id: 'ann' }),
      event('a', { user_id: 'bob' }),
      event('a', { user_id: 'ann' }),
      event('a', { user_id: 'bob' }),
      event('c'),
    ]);
    expect(tallies).toEqual([
      [
        'a',
        0,
        [
          ['bob', 'ann'],
          [2, 1],
        ],
      ],
      ['b', 0, [['ann'], [1]]],
    ]);
  });

  it('tells no more than 500 users of an account apart', () => {
    const events = Array.from({ length: 1_200 }, (_, n) => event('a', { user_id: `user-${n % 601}` }));
    const [[account_id, cut, [userIds]] = ['', 0, [[], []]]] = counting()(events).tallies;
    expect([account_id, cut]).toEqual(['a', 2]);
    expect(userIds.length).toBeLessThanOrEqual(500);
  });
});

describe('the types of an account', () => {
  it('are counted by name up to a limit, and together beyond it', () => {
    const { rows } = counting()([...typesFrom(0, MAX_TYPES + 3), ...typesFrom(0, 1)]);
    expect(rows).toHaveLength(MAX_TYPES + 1);
    expect(rows[0]).toEqual(['a', 'info', 'app', '', 3]);
    expect(rows.find(([, , , type]) => type === 'type-0')).toEqual(['a', 'info', 'app', 'type-0', 2]);
  });

  it('keep their names from one batch to the next, and leave those of other accounts alone', () => {
    const count = counting();
    count(typesFrom(0, MAX_TYPES));
    const { rows } = count([
      event('a', { type: 'type-7' }),
      event('a', { type: 'new' }),
      event('b', { type: 'new' }),
    ]);
    expect(rows).toEqual([
      ['a', 'info', 'app', '', 1],
      ['a', 'info', 'app', 'type-7', 1],
      ['b', 'info', 'app', 'new', 1],
    ]);
  });

  it('are chosen anew each day', () => {
    const count = counting();
    count(typesFrom(0, MAX_TYPES), DAY + 86_399_999);
    expect(count([event('a', { type: 'new' })], DAY + 86_400_000).rows).toEqual([
      ['a', 'info', 'app', 'new', 1],
    ]);
  });
});
