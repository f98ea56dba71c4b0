import type { Severity } from '../../normalization/normalized-event';
import { summarize, type CountSum, type SummaryParts } from './summary-answer';
import { noUsers } from './top-users';

const START = Date.UTC(2026, 0, 14, 10);
const NOW = Date.UTC(2026, 0, 15, 10, 23, 45, 678);

function sum(type: string, count: number, severity: Severity = 'info', source = 'app'): CountSum {
  return { type, count, severity, source };
}

const nothing: SummaryParts = {
  account_id: 'acme',
  window: '24h',
  startAt: START,
  now: NOW,
  counts: [],
  top: noUsers(),
  open: 0,
  eventsOfUsers: null,
};

const usersOf = (counts: Readonly<Record<string, number>>, cut = 0) => ({
  counts: new Map(Object.entries(counts)),
  cut,
});

describe('a summary', () => {
  it('of nothing has zeros', () => {
    expect(summarize(nothing)).toEqual({
      account_id: 'acme',
      window: '24h',
      window_start: '2026-01-14T10:00:00.000Z',
      total: 0,
      by_type: [],
      by_severity: { info: 0, warning: 0, critical: 0 },
      by_source: {},
      open_incidents: 0,
      top_users: [],
      approximate: false,
      generated_at: '2026-01-15T10:23:45.678Z',
    });
  });

  it('adds up each event once by type, by severity and by source', () => {
    const counts = [
      sum('order', 5),
      sum('order', 2, 'critical'),
      sum('login', 7, 'info', 'stripe'),
      sum('page', 1, 'warning'),
    ];
    const top = usersOf({ ann: 3, bob: 9 });
    expect(summarize({ ...nothing, counts, top, open: 2 })).toMatchObject({
      total: 15,
      by_type: [
        { type: 'login', count: 7 },
        { type: 'order', count: 7 },
        { type: 'page', count: 1 },
      ],
      by_severity: { info: 12, warning: 1, critical: 2 },
      by_source: { app: 8, stripe: 7 },
      open_incidents: 2,
      top_users: [
        { user_id: 'bob', count: 9 },
        { user_id: 'ann', count: 3 },
      ],
      approximate: false,
    });
  });

  it('shows 50 types and 10 users at most, and is no less exact for that', () => {
    const counts = Array.from({ length: 60 }, (_, n) => sum(`type-${n}`, n + 1));
    const top = usersOf(Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`user-${n}`, n + 1])));
    const { by_type, top_users, total, approximate } = summarize({ ...nothing, counts, top });
    expect(by_type).toHaveLength(50);
    expect([by_type[0], by_type[49]]).toEqual([
      { type: 'type-59', count: 60 },
      { type: 'type-10', count: 11 },
    ]);
    expect(top_users.map(({ count }) => count)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3]);
    expect([total, approximate]).toEqual([1_830, false]);
  });

  it.each<[string, Partial<SummaryParts>]>([
    ['has types that were not counted by name', { counts: [sum('', 3), sum('order', 4)] }],
    ['has users that were cut', { top: usersOf({ ann: 3 }, 1) }],
    ['has users from before the window', { counts: [sum('order', 7)], eventsOfUsers: 8 }],
    ['has more open incidents than are counted', { open: 10_001 }],
  ])('is approximate where it %s', (_, parts) => {
    expect(summarize({ ...nothing, ...parts })).toMatchObject({ approximate: true });
  });

  it('is exact where all users of its hours are in the window, and up to 10,000 open incidents', () => {
    const summary = summarize({ ...nothing, counts: [sum('order', 7)], eventsOfUsers: 7, open: 10_000 });
    expect(summary).toMatchObject({ approximate: false, open_incidents: 10_000 });
  });

  it('counts unnamed types in its totals, and does not list them', () => {
    expect(summarize({ ...nothing, counts: [sum('', 3, 'critical'), sum('order', 4)] })).toMatchObject({
      total: 7,
      by_type: [{ type: 'order', count: 4 }],
      by_severity: { info: 4, warning: 0, critical: 3 },
      by_source: { app: 7 },
    });
  });
});
