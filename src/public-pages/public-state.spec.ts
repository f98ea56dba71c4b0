import { iso } from '../normalization/instant';
import type { ServiceState } from '../services/service-state';
import { publicStateOf, type PublicState } from './public-state';

const NOW = Date.parse('2031-01-01T12:00:00Z');
const MINUTE = 60_000;

type Said = readonly [by: 'page' | 'checks' | 'events', state: ServiceState, agoMs: number | null];

function judged(evidence: readonly Said[], is_in_maintenance = false): PublicState {
  const view = {
    evidence: evidence.map(([by, state, ago]) => ({
      ...{ by, state, detail: '' },
      at: ago === null ? null : iso(NOW - ago),
    })),
  };
  return publicStateOf({
    ...{ view, is_in_maintenance, now: NOW },
    pageFreshForMs: 15 * MINUTE,
  });
}

const stateOf = (...args: Parameters<typeof judged>): ServiceState => judged(...args).state;

describe('how a service is, to everybody', () => {
  it('is well where somebody has looked lately', () => {
    expect(judged([['page', 'ok', MINUTE]])).toEqual({
      state: 'ok',
      basis: 'observed',
      evidence_at: NOW - MINUTE,
    });
    expect(
      stateOf([
        ['page', 'unknown', null],
        ['checks', 'ok', MINUTE],
      ]),
    ).toBe('ok');
  });

  it('cannot be told once nobody has looked for too long, whatever others reported', () => {
    expect(stateOf([['page', 'ok', 16 * MINUTE]])).toBe('unknown');
    expect(
      stateOf([
        ['checks', 'unknown', 6 * MINUTE],
        ['events', 'ok', MINUTE],
      ]),
    ).toBe('unknown');
    expect(
      stateOf([
        ['page', 'unknown', null],
        ['events', 'ok', MINUTE],
      ]),
    ).toBe('unknown');
    expect(
      stateOf([
        ['page', 'ok', 16 * MINUTE],
        ['checks', 'ok', MINUTE],
      ]),
    ).toBe('ok');
  });

  it('is still broken where it was when somebody last looked', () => {
    expect(stateOf([['page', 'outage', 60 * MINUTE]])).toBe('outage');
    expect(
      stateOf([
        ['checks', 'degraded', 60 * MINUTE],
        ['page', 'ok', MINUTE],
      ]),
    ).toBe('degraded');
  });

  it('is what is reported where nobody looks', () => {
    expect(judged([['events', 'ok', MINUTE]])).toMatchObject({ state: 'ok', basis: 'reported' });
    expect(stateOf([['events', 'outage', MINUTE]])).toBe('outage');
    expect(
      stateOf([
        ['page', 'ok', MINUTE],
        ['events', 'outage', MINUTE],
      ]),
    ).toBe('outage');
  });

  it('cannot be told where nothing is known', () => {
    expect(judged([])).toEqual({ state: 'unknown', basis: 'none', evidence_at: null });
    const facts = { view: undefined, is_in_maintenance: false, now: NOW, pageFreshForMs: 1 };
    expect(publicStateOf(facts).state).toBe('unknown');
  });

  it('is planned maintenance, unless something is wrong besides', () => {
    expect(stateOf([], true)).toBe('maintenance');
    expect(stateOf([['page', 'ok', MINUTE]], true)).toBe('maintenance');
    expect(stateOf([['page', 'outage', MINUTE]], true)).toBe('outage');
    expect(stateOf([['page', 'unknown', null]], true)).toBe('maintenance');
  });
});
