/**
 * So long a refresh token that was exchanged is exchanged for the same successor again. Two tabs that come at the same
 * moment, or a client that did not get its answer, then go on; whoever comes later with it has it from somewhere else.
 */
export const GRACE_MS = 30_000;

/** What is known of a refresh token. Instants are milliseconds since 1970 UTC. */
export interface KnownRefreshToken {
  readonly expires_at: number;
  readonly used_at: number | null;
}

/**
 * What becomes of a refresh token of a session that has not ended: it is exchanged for its successor, for the same one
 * once more, it has expired, or it has been used before and so is in two hands.
 */
export type RefreshDecision = 'rotate' | 'repeat' | 'expired' | 'reused';

export function decideRefresh({ expires_at, used_at }: KnownRefreshToken, now: number): RefreshDecision {
  if (used_at !== null) return now - used_at <= GRACE_MS ? 'repeat' : 'reused';
  return expires_at <= now ? 'expired' : 'rotate';
}
