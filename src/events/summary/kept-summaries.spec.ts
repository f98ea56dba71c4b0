import { KEPT_MS, KeptSummaries } from './kept-summaries';
import { summarize } from './summary-answer';
import { noUsers } from './top-users';

const NOW = Date.UTC(2026, 0, 15);
const SUMMARY = summarize({
  account_id: 'acme',
  window: '24h',
  startAt: NOW,
  now: NOW,
  counts: [],
  top: noUsers(),
  open: 0,
  eventsOfUsers: null,
});

describe('a summary that this process keeps', () => {
  it('is given out for 60 seconds, and not longer', () => {
    const kept = new KeptSummaries();
    kept.keep('a', SUMMARY, NOW);
    expect(KEPT_MS).toBe(60_000);
    expect(kept.find('a', NOW + KEPT_MS - 1)).toBe(SUMMARY);
    expect(kept.find('a', NOW + KEPT_MS)).toBeNull();
    expect(kept.find('b', NOW)).toBeNull();
  });

  it('gives way to others where they are too many', () => {
    const kept = new KeptSummaries();
    for (let n = 0; n <= 5_000; n++) kept.keep(`key-${n}`, SUMMARY, NOW);
    expect(kept.find('key-0', NOW)).toBeNull();
    expect(kept.find('key-1', NOW)).toBe(SUMMARY);
  });
});
