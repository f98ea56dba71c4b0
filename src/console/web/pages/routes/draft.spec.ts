import {
  changedByBoth,
  changesOf,
  isChanged,
  isReordered,
  rebased,
  withMoved,
  withMute,
  withoutRule,
  withRule,
  type Draft,
} from './draft';
import { PLAIN_ROUTE, type RouteFields, type Rule } from './rule';

const rule = (key: string, fields: Partial<RouteFields> = {}): Rule => ({
  key,
  isNew: key.startsWith('new'),
  route: { ...PLAIN_ROUTE, name: key.toUpperCase(), ...fields },
});
const [A, B, C] = [rule('a'), rule('b'), rule('c')];
const draftOf = (...base: Rule[]): Draft => ({ version: 1, base, rules: base });
const keys = ({ rules }: Draft): string => rules.map(({ key }) => key).join(' ');

describe('a draft of routes', () => {
  it('tells what it would change', () => {
    const draft = draftOf(A, B, C);
    expect(isChanged(draft)).toBe(false);
    const changed = withRule(withRule(withoutRule(draft, 'c'), rule('a', { to: ['mail'] })), rule('new-1'));
    expect(changesOf(changed).map(({ what, name }) => [what, name])).toEqual([
      ['changed', 'A'],
      ['added', 'NEW-1'],
      ['deleted', 'C'],
    ]);
    expect(isReordered(changed)).toBe(false);
    const moved = withMoved(draft, 'c', 0);
    expect([keys(moved), isReordered(moved), changesOf(moved)]).toEqual(['c a b', true, []]);
  });

  it('does not take another order of fields for a change', () => {
    const match = { source: ['app'], service: ['shop'] };
    const turned = { service: ['shop'], source: ['app'] };
    expect(changesOf(withRule(draftOf(rule('a', { match })), rule('a', { match: turned })))).toEqual([]);
  });

  it('goes on top of what somebody else has changed meanwhile', () => {
    const mine = withRule(withoutRule(draftOf(A, B, C), 'c'), rule('a', { to: ['mail'] }));
    const theirs = [rule('d'), B, rule('a', { percent: 10 }), C];
    const merged = rebased(mine, { version: 2, base: theirs });
    expect([merged.version, keys(merged)]).toEqual([2, 'd b a']);
    expect(merged.rules[2]!.route).toMatchObject({ to: ['mail'], percent: 100 });
    expect(changedByBoth(mine, theirs)).toEqual(['A']);
  });

  it('takes up a mute, and still finds out what else has changed', () => {
    const until = '2026-01-15T12:00:00.000Z';
    const mine = withMoved(draftOf(A, B), 'b', 0);
    const muted = withMute(mine, 'a', until, 2);
    expect([muted.version, changesOf(muted), muted.rules[1]!.route.mute_until]).toEqual([2, [], until]);
    expect(withMute(mine, 'a', until, 3).version).toBe(1);
  });

  it('keeps its order, with what others added behind what it stood behind', () => {
    const mine = withMoved(draftOf(A, B, C), 'c', 0);
    expect(keys(rebased(mine, { version: 2, base: [A, rule('d'), B, C] }))).toBe('c a d b');
  });

  it('adds anew what it changes and somebody else has deleted', () => {
    const mine = withRule(draftOf(A, B), rule('a', { to: ['mail'] }));
    const merged = rebased(mine, { version: 2, base: [B] });
    expect(merged.rules.map(({ key, isNew }) => [key, isNew])).toEqual([
      ['new-a', true],
      ['b', false],
    ]);
  });
});
