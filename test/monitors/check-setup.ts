import { Logger } from '@nestjs/common';
import { Settings } from '../../src/config/settings';
import { DecisionHold } from '../../src/monitors/check/decision-hold';
import { HttpChecks } from '../../src/monitors/check/http-checks';
import { Names, type NamesOptions } from '../../src/monitors/check/names';
import { OwnSide } from '../../src/monitors/check/own-side';
import { SelfCheck } from '../../src/monitors/check/self-check';
import { Stalls } from '../../src/monitors/check/stalls';
import { readDefinition } from '../../src/monitors/model/definition';
import type { CheckResult, HttpMonitorDefinition } from '../../src/monitors/model/monitor';
import { anyAddress, type AddressRule } from '../../src/reliability/address-guard';

// What is made to fail here is told by the tests.
Logger.overrideLogger(false);

const MAX_TRIES = 10;

export interface CheckSetup {
  /** Default: all may be dialled. */
  readonly addresses?: AddressRule;
  readonly names?: NamesOptions;
  readonly egressUrls?: readonly string[];
}

/** What runs checks, put together as the module does. */
export class Checker {
  readonly ownSide: OwnSide;
  readonly hold: DecisionHold;
  private readonly stalls = new Stalls();
  private readonly checks: HttpChecks;

  constructor({ addresses = anyAddress, names: options, egressUrls = [] }: CheckSetup = {}) {
    const names = new Names(options);
    const settings = Settings.load({ EGRESS_CHECK_URLS: egressUrls.join(',') });
    this.ownSide = new OwnSide(new SelfCheck(settings, names));
    this.hold = new DecisionHold(this.ownSide);
    this.checks = new HttpChecks(addresses, names, this.ownSide, this.stalls);
  }

  /**
   * Checks a URL, with the changes to what a monitor is by default; again where this process stood still meanwhile, as
   * it does on a busy machine: that check rightly says nothing about the target.
   */
  async check(...check: Parameters<Checker['checkOnce']>): Promise<CheckResult> {
    for (let tries = 1; ; tries++) {
      const result = await this.checkOnce(...check);
      if (result.reason !== 'own_process_stalled' || tries === MAX_TRIES) return result;
    }
  }

  /** The same for a test that makes this process stand still. */
  checkOnce(
    url: string,
    changes: Readonly<Record<string, unknown>> = {},
    signal?: AbortSignal,
  ): Promise<CheckResult> {
    const context = {
      startedAt: Date.now(),
      learnedLimitMs: null,
      ...(signal === undefined ? {} : { signal }),
    };
    return this.checks.run(monitorOf({ url, ...changes }), context);
  }

  close(): void {
    this.stalls.onApplicationShutdown();
  }
}

/** A monitor as its owner would define it. */
export function monitorOf(fields: Readonly<Record<string, unknown>>): HttpMonitorDefinition {
  const reading = readDefinition({ type: 'http', name: 'api', ...fields });
  if ('faults' in reading) throw new Error(`no monitor: ${JSON.stringify(reading.faults)}`);
  if (reading.definition.type !== 'http') throw new Error('no HTTP monitor');
  return reading.definition;
}
