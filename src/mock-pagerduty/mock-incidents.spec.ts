import { MockIncidents, type IncidentState } from './mock-incidents';
import type { EventAction } from './validate';

describe('MockIncidents', () => {
  it.each<[actions: EventAction[], state: IncidentState | null]>([
    [['trigger'], 'triggered'],
    [['trigger', 'trigger'], 'triggered'],
    [['trigger', 'acknowledge'], 'acknowledged'],
    [['trigger', 'acknowledge', 'trigger'], 'acknowledged'],
    [['trigger', 'acknowledge', 'acknowledge'], 'acknowledged'],
    [['trigger', 'resolve'], 'resolved'],
    [['trigger', 'acknowledge', 'resolve'], 'resolved'],
    [['trigger', 'resolve', 'resolve'], 'resolved'],
    [['trigger', 'resolve', 'acknowledge'], 'resolved'],
    [['trigger', 'resolve', 'trigger'], 'triggered'],
    [['trigger', 'resolve', 'trigger', 'resolve'], 'resolved'],
    [['resolve'], null],
    [['acknowledge'], null],
    [['resolve', 'trigger'], 'triggered'],
  ])('ends %j as %s', (actions, state) => {
    const incidents = new MockIncidents(10);
    const states = actions.map((action) => incidents.apply('routing', 'key', action));
    expect(states.at(-1)).toBe(state);
    expect(incidents.list()).toEqual(state === null ? [] : [{ dedup_key: 'key', state }]);
  });

  it('drops a resolve through another routing key', () => {
    const incidents = new MockIncidents(10);
    incidents.apply('one', 'key', 'trigger');
    expect(incidents.apply('other', 'key', 'resolve')).toBeNull();
    expect(incidents.list()).toEqual([{ dedup_key: 'key', state: 'triggered' }]);
  });

  it('keeps one row for each routing key that uses the same key', () => {
    const incidents = new MockIncidents(10);
    incidents.apply('one', 'key', 'trigger');
    incidents.apply('other', 'key', 'trigger');
    incidents.apply('one', 'key', 'resolve');
    expect(incidents.list()).toEqual([
      { dedup_key: 'key', state: 'resolved' },
      { dedup_key: 'key', state: 'triggered' },
    ]);
  });

  it('does not mix up routing keys and keys that read the same in a row', () => {
    const incidents = new MockIncidents(10);
    incidents.apply('a","b', 'c', 'trigger');
    expect(incidents.apply('a', 'b","c', 'resolve')).toBeNull();
  });

  it('lists in the order of opening, an incident opened again last', () => {
    const incidents = new MockIncidents(10);
    for (const key of ['a', 'b', 'c']) incidents.apply('routing', key, 'trigger');
    incidents.apply('routing', 'a', 'resolve');
    expect(incidents.list().map(({ dedup_key }) => dedup_key)).toEqual(['a', 'b', 'c']);
    incidents.apply('routing', 'a', 'trigger');
    expect(incidents.list().map(({ dedup_key }) => dedup_key)).toEqual(['b', 'c', 'a']);
  });

  it('forgets what was resolved first, then what was opened first', () => {
    const incidents = new MockIncidents(3);
    const keys = (): string[] => incidents.list().map(({ dedup_key }) => dedup_key);
    for (const key of ['a', 'b', 'c']) incidents.apply('routing', key, 'trigger');
    incidents.apply('routing', 'c', 'resolve');
    incidents.apply('routing', 'b', 'resolve');
    incidents.apply('routing', 'd', 'trigger');
    expect(keys()).toEqual(['a', 'b', 'd']);
    incidents.apply('routing', 'e', 'trigger');
    expect(keys()).toEqual(['a', 'd', 'e']);
    incidents.apply('routing', 'f', 'trigger');
    expect(keys()).toEqual(['d', 'e', 'f']);
  });
});
