import { decideRefresh, GRACE_MS } from './refresh-decision';

const NOW = Date.UTC(2026, 10, 20, 12);

describe('a refresh token', () => {
  it.each([
    ['rotate', { expires_at: NOW + 1, used_at: null }],
    ['expired', { expires_at: NOW, used_at: null }],
    ['repeat', { expires_at: NOW + 1, used_at: NOW }],
    ['repeat', { expires_at: NOW + 1, used_at: NOW - GRACE_MS }],
    // Another process's clock, or a transaction that began earlier.
    ['repeat', { expires_at: NOW + 1, used_at: NOW + 5 }],
    ['reused', { expires_at: NOW + 1, used_at: NOW - GRACE_MS - 1 }],
    ['reused', { expires_at: NOW - 1, used_at: NOW - GRACE_MS - 1 }],
  ] as const)('is: %s', (decision, token) => {
    expect(decideRefresh(token, NOW)).toBe(decision);
  });
});
