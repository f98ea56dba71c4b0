import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Settings } from '../config/settings';
import { VERSION } from '../config/version';
import {
  InvalidDocumentError,
  readIncidents,
  readSummary,
  type IncidentsDocument,
} from '../normalization/statuspage-document';
import type { Summary } from '../normalization/statuspage-memory';
import { BreakerOpenError } from '../reliability/circuit-breaker';
import { CircuitBreakers } from '../reliability/circuit-breakers';
import { HttpClient, HttpFailure, type HttpResponse } from '../reliability/http-client';
import { retry } from '../reliability/retry';
import { parseRetryAfter } from '../reliability/retry-after';
import type { PageEffort } from './page-effort';
import { PageFailure } from './page-failure';

/** What a page gave with a document so that it need not be sent again (RFC 9110 section 8.8). */
export interface Validators {
  readonly etag: string | null;
  readonly last_modified: string | null;
}

/** The page's answer. `unchanged` leaves the validators as they were. */
export interface SummaryAnswer {
  readonly summary: Summary;
  readonly validators: Validators;
}

/** Connections per host; pages of one host beyond that wait, within their own time. */
const MAX_CONNECTIONS = 50;
const MAX_REDIRECTS = 3;
const ATTEMPTS = 3;
const RETRY_BASE_MS = 200;
const RETRY_MAX_MS = 2_000;

/** How Signalbox introduces itself to the pages it reads. */
const USER_AGENT = `Signalbox/${VERSION}`;

/** What can be sent back in a header, and is of a sane size. */
const SENDABLE = /^[\x21-\x7e][\x20-\x7e]{0,1023}$/;

/** Reads status pages: politely, within bounds, and each page through a circuit breaker of its own. */
@Injectable()
export class PageClient implements OnApplicationShutdown {
  private readonly http = new HttpClient({ maxConnections: MAX_CONNECTIONS });

  constructor(
    private readonly settings: Settings,
    private readonly breakers: CircuitBreakers,
  ) {}

  /**
   * Reads a page's summary, or learns that it has not changed since the validators were given. Short failures
   * are retried. The breaker counts what is left of them: a whole effort that failed, not each attempt.
   *
   * @throws PageFailure
   */
  async readSummary(
    page: string,
    url: string,
    validators: Validators,
    effort: PageEffort,
  ): Promise<SummaryAnswer> {
    const breaker = this.breakers.named(`page:${page}`);
    // While the breaker is not closed this is its probe, and a probe is one request.
    const attempts = breaker.state === 'closed' ? ATTEMPTS : 1;
    const ask = (timeoutMs: number): Promise<SummaryAnswer> =>
      this.askSummary(url, validators, effort, timeoutMs);
    try {
      return await breaker.call(
        () => tryOften(attempts, effort, ask),
        (error) => error instanceof PageFailure && error.isSick,
      );
    } catch (error) {
      if (!(error instanceof BreakerOpenError)) throw error;
      throw new PageFailure('breaker_open', 'The page was not asked', { cause: error });
    }
  }

  /**
   * Reads the incidents document that stands beside a page's summary. It has no say about the breaker.
   *
   * @throws PageFailure
   */
  async readIncidents(summaryUrl: string, effort: PageEffort): Promise<IncidentsDocument> {
    const url = incidentsUrl(summaryUrl);
    return tryOften(ATTEMPTS, effort, async (timeoutMs) => {
      return parse(await this.ask(url, {}, effort, timeoutMs), readIncidents);
    });
  }

  onApplicationShutdown(): Promise<void> {
    return this.http.close();
  }

  private async askSummary(
    url: string,
    validators: Validators,
    effort: PageEffort,
    timeoutMs: number,
  ): Promise<SummaryAnswer> {
    const { etag, last_modified } = validators;
    const conditions = {
      ...(etag === null ? {} : { 'if-none-match': etag }),
      ...(last_modified === null ? {} : { 'if-modified-since': last_modified }),
    };
    const response = await this.ask(url, conditions, effort, timeoutMs);
    if (response.status === 304) return { summary: 'unchanged', validators };
    return { summary: parse(response, readSummary), validators: validatorsOf(response) };
  }

  private async ask(
    url: string,
    conditions: Readonly<Record<string, string>>,
    effort: PageEffort,
    timeoutMs: number,
  ): Promise<HttpResponse> {
    const response = await this.request(url, conditions, effort, timeoutMs);
    const { status, headers } = response;
    const isUnchanged = status === 304 && Object.keys(conditions).length > 0;
    if (isUnchanged || (status >= 200 && status < 300)) return response;
    const mayName = status === 429 || status === 503;
    const delayMs = mayName ? parseRetryAfter(headers['retry-after'], Date.now()) : null;
    const retryAt = delayMs === null ? null : Date.now() + delayMs;
    throw new PageFailure(codeOf(status), `${response.url} answered ${status}`, { status, retryAt });
  }

  private async request(
    url: string,
    conditions: Readonly<Record<string, string>>,
    { signal }: PageEffort,
    timeoutMs: number,
  ): Promise<HttpResponse> {
    try {
      return await this.http.request({
        method: 'GET',
        url,
        headers: { accept: 'application/json', 'user-agent': USER_AGENT, ...conditions },
        timeoutMs,
        maxBytes: this.settings.PAGE_MAX_BYTES,
        whenLarger: 'fail',
        maxRedirects: MAX_REDIRECTS,
        signal,
      });
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      throw new PageFailure(error.reason, error.message, { cause: error });
    }
  }
}

/** Repeats a request that failed for a reason that may be over in a moment, within the time of the effort. */
async function tryOften<T>(
  attempts: number,
  effort: PageEffort,
  action: (timeoutMs: number) => Promise<T>,
): Promise<T> {
  try {
    return await retry((attempt) => action(effort.begin(attempt === attempts)), {
      attempts,
      baseMs: RETRY_BASE_MS,
      maxMs: RETRY_MAX_MS,
      deadlineAt: effort.deadlineAt,
      // A page that says when to come back is taken at its word.
      isWorthRetry: (error) => error instanceof PageFailure && error.isSick && error.retryAt === null,
      signal: effort.signal,
    });
  } catch (error) {
    if (error instanceof PageFailure || !effort.signal.aborted) throw error;
    throw new PageFailure('aborted', 'The poll was stopped', { cause: error });
  }
}

function codeOf(status: number): 'http_3xx' | 'http_4xx' | 'http_429' | 'http_5xx' {
  if (status === 429) return 'http_429';
  if (status >= 500) return 'http_5xx';
  return status >= 400 ? 'http_4xx' : 'http_3xx';
}

/** The document in the body. The decoder drops a BOM and replaces bytes that are no UTF-8. */
function parse<T>({ body, headers, url, status }: HttpResponse, read: (text: string) => T): T {
  try {
    return read(new TextDecoder().decode(body));
  } catch (error) {
    if (!(error instanceof InvalidDocumentError)) throw error;
    const type = headers['content-type'] ?? 'nothing about its type';
    throw new PageFailure(error.fault, `${url} answered with ${type}: ${error.message}`, {
      status,
      cause: error,
    });
  }
}

function validatorsOf({ headers }: HttpResponse): Validators {
  const sendable = (value: string | undefined): string | null =>
    value !== undefined && SENDABLE.test(value) ? value : null;
  return { etag: sendable(headers['etag']), last_modified: sendable(headers['last-modified']) };
}

function incidentsUrl(summaryUrl: string): string {
  const url = new URL(summaryUrl);
  url.pathname = url.pathname.replace(/[^/]*$/, 'incidents.json');
  url.search = '';
  url.hash = '';
  return url.href;
}
