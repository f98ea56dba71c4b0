import { isLeftBehind, nameWithin, runName, sessionName } from './run-name';

const HOUR_MS = 60 * 60_000;
const STARTED_AT = Date.UTC(2026, 10, 20);
const RUN = runName(STARTED_AT, 4_711);

describe('what a run of the tests makes', () => {
  it.each([
    ['some time after its run has lost its connection', new Set<string>(), HOUR_MS, true],
    ['soon after its run has begun', new Set<string>(), 60_000, false],
    ['while its run has a connection', new Set([sessionName(RUN)]), HOUR_MS, false],
    ['while only another run has one', new Set([sessionName(runName(STARTED_AT, 4_712))]), HOUR_MS, true],
  ])('is left behind or not: %s', (_case, sessions, afterMs, expected) => {
    const name = nameWithin(RUN);
    for (const made of [name, `${name}:queue`, `signalbox_test_${RUN}_template_x`])
      expect(isLeftBehind(made, sessions, STARTED_AT + afterMs)).toBe(expected);
  });

  it.each([
    'signalbox',
    'signalbox_test_',
    'signalbox_test_mine',
    'signalbox_test_0_1',
    'production_0_1_a',
    '',
  ])('is not what is called %j', (name) => {
    expect(isLeftBehind(name, new Set(), STARTED_AT)).toBe(false);
  });

  it('has a name of its own, which PostgreSQL takes whole', () => {
    const run = runName(STARTED_AT, 4_194_304);
    const names = Array.from({ length: 100 }, () => nameWithin(run));
    expect(new Set(names).size).toBe(100);
    // https://www.postgresql.org/docs/current/sql-syntax-lexical.html: 63 bytes
    expect(Math.max(...names.map((name) => name.length))).toBeLessThan(64);
  });
});
