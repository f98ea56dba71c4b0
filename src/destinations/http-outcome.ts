import type { Outcome } from '../outbox/outcome';
import type { HttpAnswer } from './destination';

/** Statuses below 500 that ask for another try: 408 and 425 (RFC 9110 section 15.5.9, RFC 8470 section 5.2). */
const WORTH_RETRY = [408, 425];

/** What an HTTP status means for a delivery, wherever a destination has no rule of its own. */
export function outcomeOfStatus(status: number): Outcome {
  if (status >= 200 && status < 300) return 'delivered';
  if (status >= 300 && status < 400) return 'redirected';
  if (status === 429) return 'throttled';
  if (status >= 500 || WORTH_RETRY.includes(status)) return 'server_error';
  return 'rejected';
}

/** The same for one that takes no message with a web page: a login or a captive portal stands in its place. */
export function outcomeUnlessPage({ status }: HttpAnswer, isPage: boolean): Outcome {
  return isPage && status < 300 ? 'server_error' : outcomeOfStatus(status);
}
