import { Statement } from '../database/statement';

/** Takes a claim back that nobody has heard of yet. Parameter: rows of delivery, hold, held_until. */
export const HOLD_FURTHER = new Statement(
  ({ rows }) => `
  UPDATE deliveries SET hold = j.value ->> 1, held_until = CAST(j.value ->> 2 AS bigint),
    due_at = CAST(j.value ->> 2 AS bigint), lease_until = NULL, claims = claims - 1, attempts = attempts - 1
  FROM ${rows('j')} WHERE deliveries.id = CAST(j.value ->> 0 AS bigint)`,
);

/** By what the rules are now. Parameter: rows of delivery, route, remind_every_s. */
export const NOTE_PLAN = new Statement(
  ({ rows }) => `
  UPDATE deliveries SET route_id = j.value ->> 1, remind_every_s = CAST(j.value ->> 2 AS integer)
  FROM ${rows('j')} WHERE deliveries.id = CAST(j.value ->> 0 AS bigint)`,
);
