/** How one attempt ended. A closed set: a metric's label, and what retry policy and ordering are decided by. */
export const OUTCOMES = {
  /** A 2xx answer. */
  delivered: { mayHaveArrived: true },
  /** A 4xx answer that a repeat would get again. */
  rejected: { mayHaveArrived: false },
  /** A 3xx answer: never followed, because it would send the credential elsewhere. */
  redirected: { mayHaveArrived: false },
  /** A 429 answer, or any with Retry-After that asks for patience. */
  throttled: { mayHaveArrived: false },
  /** A 5xx answer (or 408, 425): the destination may have acted on it before it failed. */
  server_error: { mayHaveArrived: true },
  /** No answer in time. */
  timeout: { mayHaveArrived: true },
  /** The connection broke after the request may have left. */
  connection_lost: { mayHaveArrived: true },
  /** No connection came about: refused, no such host, no route, TLS. */
  unreachable: { mayHaveArrived: false },
  /** Our own code failed before anything was sent. */
  internal_error: { mayHaveArrived: false },
  /** Given back unsent: the process was stopping, or the breaker had opened meanwhile. */
  released: { mayHaveArrived: false },
  /** Given up under way, because the process was stopping. */
  aborted: { mayHaveArrived: true },
} as const satisfies Record<string, { mayHaveArrived: boolean }>;

export type Outcome = keyof typeof OUTCOMES;

/** Outcomes after which the destination may know of the delivery although it did not confirm it. */
export const ARRIVAL_UNKNOWN: readonly Outcome[] = (Object.keys(OUTCOMES) as Outcome[]).filter(
  (outcome) => OUTCOMES[outcome].mayHaveArrived,
);
