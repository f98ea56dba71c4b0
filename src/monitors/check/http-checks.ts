import { Logger } from '@nestjs/common';
import type { AddressRule } from '../../reliability/address-guard';
import { ExchangeFault } from '../../reliability/failure-reason';
import { isExpectedStatus, judge, needsBody, resultOfFault, type Answer } from '../model/expectations';
import { RESULT_CLASSES, type CheckResult, type HttpMonitorDefinition } from '../model/monitor';
import { hasRedactedHeaders } from '../model/redacted-headers';
import { bodyText } from './body-text';
import { faultOf, type CheckFault, type FaultReason } from './check-fault';
import { ColdExchanges, type ColdAnswer, type ColdRequest } from './cold-exchange';
import { introduced } from './introduction';
import { type Names } from './names';
import { type OwnSide } from './own-side';
import { type Stalls } from './stalls';
import { Trace } from './trace';

const MAX_REDIRECTS = 5;

/** So much of a body is looked at; of one that nobody looks at, so much is read to see that it comes. */
const MAX_BODY_BYTES = 1_048_576;
const MAX_UNSEEN_BYTES = 65_536;

/** A timeout says nothing about the target where this process stood still for more than this part of it. */
const STALLED_PART = 0.25;

export interface CheckContext {
  /** When the check begins, by the clock that results are compared by. Milliseconds since 1970 UTC. */
  readonly startedAt: number;
  /** What `degraded_above_ms: "auto"` stands for now; null while too little is known. */
  readonly learnedLimitMs: number | null;
  /** Ends the check, which is then unknown for the reason `aborted` and not worth keeping. */
  readonly signal?: AbortSignal;
}

/**
 * Runs one check of one URL: asks once, and judges what came. Faults of this side make it unknown and never down
 * (check-fault.ts, own-side.ts), and so does time that this process itself has lost. It never throws for what the
 * other side does, and never takes longer than the monitor's timeout and, where no answer came, a self-check.
 */
export class HttpChecks {
  private readonly logger = new Logger('HttpChecks');
  private readonly exchanges: ColdExchanges;

  /** @param addresses which may be dialled, at every hop */
  constructor(
    addresses: AddressRule,
    names: Names,
    private readonly ownSide: OwnSide,
    private readonly stalls: Stalls,
  ) {
    this.exchanges = new ColdExchanges(names, addresses);
  }

  async run(definition: HttpMonitorDefinition, context: CheckContext): Promise<CheckResult> {
    if (hasRedactedHeaders(definition)) return unreadable(context);
    const trace = new Trace();
    const stalledBefore = this.stalls.totalMs;
    try {
      const answer = await this.exchanges.run(requestOf(definition, context.signal), trace);
      const durationMs = trace.elapsedMs;
      const stalledMs = this.stalls.totalMs - stalledBefore;
      const result = judgeAnswer(
        definition,
        context,
        answerOf(answer, trace, durationMs, context),
        stalledMs,
      );
      if (result.class !== 'down') this.ownSide.noteExpectedAnswer(trace.remoteAddress);
      return result;
    } catch (error) {
      const durationMs = trace.elapsedMs;
      const stalledMs = this.stalls.totalMs - stalledBefore;
      return await this.faultResult(error, { definition, context, trace, durationMs, stalledMs });
    }
  }

  private async faultResult(error: unknown, failed: FailedCheck): Promise<CheckResult> {
    const { definition, context, trace, durationMs, stalledMs } = failed;
    const since = performance.now();
    const found = faultOf(error, trace);
    if (found.reason === 'internal_error') this.logger.error({ err: error }, 'a check failed by a defect');
    const isTimeout = error instanceof ExchangeFault && error.reason === 'timeout';
    const hasStalled = isTimeout && stalledMs > definition.timeout_ms * STALLED_PART;
    const fault = hasStalled ? stalledFault(stalledMs) : found;
    const isOurs = await this.ownSide.isAtFault(fault, since);
    const result = resultOfFault({
      class: isOurs ? 'unknown' : 'down',
      reason: fault.reason,
      started_at: context.startedAt,
      duration_ms: durationMs,
      timings: trace.timings(durationMs),
    });
    const failure = { expectation: 'answer', wanted: 'an answer', seen: fault.seen || null };
    return { ...result, failed: [failure], tls_days_left: trace.tlsDaysLeft(context.startedAt) };
  }
}

interface FailedCheck {
  readonly definition: HttpMonitorDefinition;
  readonly context: CheckContext;
  readonly trace: Trace;
  readonly durationMs: number;
  readonly stalledMs: number;
}

/** Nothing is asked: without its headers the target might refuse what it would otherwise answer. */
function unreadable({ startedAt }: CheckContext): CheckResult {
  const reason: FaultReason = 'headers_unreadable';
  return resultOfFault({
    class: 'unknown',
    reason,
    started_at: startedAt,
    duration_ms: 0,
    timings: null,
  });
}

function requestOf(definition: HttpMonitorDefinition, signal: AbortSignal | undefined): ColdRequest {
  const { method, url, headers, body, timeout_ms, expect } = definition;
  return {
    first: { method, url: new URL(url), headers: introduced(headers), body },
    timeoutMs: timeout_ms,
    maxBytes: needsBody(expect) ? MAX_BODY_BYTES : MAX_UNSEEN_BYTES,
    maxRedirects: MAX_REDIRECTS,
    isWanted: (status) => isExpectedStatus(expect, status),
    ...(signal === undefined ? {} : { signal }),
  };
}

function answerOf(answer: ColdAnswer, trace: Trace, durationMs: number, { startedAt }: CheckContext): Answer {
  const { status, headers, body, isCut } = answer;
  return {
    started_at: startedAt,
    duration_ms: durationMs,
    timings: trace.timings(durationMs),
    http_status: status,
    headers,
    body: bodyText(body, headers['content-type']),
    is_body_cut: isCut,
    tls_days_left: trace.tlsDaysLeft(startedAt),
  };
}

/** Where an answer is too slow only because this process stood still, nothing is known of how fast it was. */
function judgeAnswer(
  { expect }: HttpMonitorDefinition,
  { learnedLimitMs }: CheckContext,
  answer: Answer,
  stalledMs: number,
): CheckResult {
  const result = judge(answer, expect, learnedLimitMs);
  if (result.class === 'up' || stalledMs === 0) return result;
  const own = judge({ ...answer, duration_ms: answer.duration_ms - stalledMs }, expect, learnedLimitMs);
  const isBetter = RESULT_CLASSES.indexOf(own.class) < RESULT_CLASSES.indexOf(result.class);
  return isBetter ? { ...result, class: 'unknown', reason: stalledFault(stalledMs).reason } : result;
}

function stalledFault(stalledMs: number): CheckFault {
  return { reason: 'own_process_stalled', side: 'ours', seen: `stood still for ${Math.round(stalledMs)} ms` };
}
