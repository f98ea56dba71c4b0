import type { DocumentFault } from '../normalization/statuspage-document';
import { NETWORK_FAILURES, type FailureReason } from '../reliability/failure-reason';

/** Why a page could not be read. A closed set: it is part of the API, and a metric's label. */
export type PageFailureCode =
  | FailureReason
  | DocumentFault
  | 'http_3xx'
  | 'http_4xx'
  | 'http_429'
  | 'http_5xx'
  | 'breaker_open'
  | 'retry_later'
  | 'fixture_missing'
  | 'internal_error';

const MOVED = 'The page has probably moved: open its URL in a browser and correct the setting.';

/** What the operator should look at. */
const ADVICE: Readonly<Record<PageFailureCode, string>> = {
  timeout: 'The page is slow or unreachable: check the network path to it, or raise PAGE_TIMEOUT_MS.',
  refused: 'Nothing listens there: check host and port of the URL, and proxies and firewalls on the way.',
  dns: 'The host name cannot be resolved: check its spelling and the DNS of this machine.',
  unreachable: 'There is no route to the host: check the network and the firewall of this machine.',
  tls: "The host's certificate was not accepted: check its validity, and the clock and certificates of this machine.",
  address_refused: 'The host is an address that must not be read: correct the URL.',
  reset: 'The connection broke: if it keeps breaking, check proxies and firewalls on the way.',
  too_large: 'This is no usual summary: check the URL, or raise PAGE_MAX_BYTES.',
  bad_encoding: 'The compressed answer is broken: check proxies on the way.',
  bad_redirect: MOVED,
  too_many_redirects: MOVED,
  protocol: 'The answer is not proper HTTP: check the port of the URL, and proxies on the way.',
  aborted: 'Signalbox is shutting down; the page is read again after the start.',
  http_3xx: MOVED,
  http_4xx: 'The page refuses to be read: check its URL, and whether it has become private.',
  http_429: 'The page is asked too often: poll it less often (STATUS_POLL_CRON).',
  http_5xx: 'The page itself is failing; it is asked again at every poll.',
  not_json: `This is no JSON, but perhaps a login or an error page. ${MOVED}`,
  too_deep: 'This is no summary: check that the URL ends in /api/v2/summary.json.',
  not_a_summary: `This is not Statuspage's format. ${MOVED}`,
  not_incidents: `This is not Statuspage's format. ${MOVED}`,
  item_without_id: "This is not Statuspage's format: check that the URL ends in /api/v2/summary.json.",
  breaker_open: 'It failed too often in a row; one request is let through after BREAKER_RESET_MS.',
  retry_later: 'The page asked for this by Retry-After: poll it less often (STATUS_POLL_CRON).',
  fixture_missing: 'Set a URL for the page, or restore the fixture.',
  internal_error: 'This is a defect of Signalbox: please report it, with the log line of this request id.',
};

/** Every reason, for metrics. */
export const PAGE_FAILURE_CODES = Object.keys(ADVICE) as readonly PageFailureCode[];

/** Failures that speak against the page and may be over in a moment: worth a retry, and counted by its breaker. */
const SICK: readonly PageFailureCode[] = [...NETWORK_FAILURES, 'http_5xx'];

/** A page could not be read, which says nothing about what is broken there. */
export class PageFailure extends Error {
  /** When the page wants to be asked again, where it said so. */
  readonly retryAt: number | null;
  /** The HTTP status, where an answer came. */
  readonly status: number | null;

  /** @param finding what was found; what to look at is added to it */
  constructor(
    readonly code: PageFailureCode,
    finding: string,
    options: { readonly status?: number; readonly retryAt?: number | null; readonly cause?: unknown } = {},
  ) {
    super(`${finding}. ${ADVICE[code]}`, { cause: options.cause });
    this.name = 'PageFailure';
    this.retryAt = options.retryAt ?? null;
    this.status = options.status ?? null;
  }

  /** Whether the page is sick, and not merely answering something else than a summary. */
  get isSick(): boolean {
    return SICK.includes(this.code);
  }
}
