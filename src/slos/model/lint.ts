import { MINUTE_MS } from '../../events/summary/time-buckets';
import type { Thresholds } from '../../monitors/model/verdict';
import { BURN_RULES, canFire, isFiring, type BurnRule } from './burn-rules';
import type { BurnCounts } from './history';
import type { Counts } from './counts';
import { allowedPpm, BURN_WINDOWS, type BurnWindow, type Objective } from './objective';

/** What makes an objective useless, or doubtful. */
export interface Finding {
  /** `refuse` where it could never do what it is for. */
  readonly level: 'refuse' | 'warn';
  /** Behind the field's name it makes a sentence. */
  readonly message: string;
}

/**
 * Whether an objective allows so much to be bad that its alerts cannot fire whatever happens: one that allows a tenth
 * cannot be missed 14.4 times over.
 */
export function lintObjective(objective: Objective): Finding[] {
  const allowed = allowedPpm(objective);
  const mute = BURN_RULES.page.filter((rule) => !canFire(rule, allowed));
  if (mute.length === BURN_RULES.page.length) {
    return [{ level: 'refuse', message: 'is so low that nobody could ever be paged for it' }];
  }
  return mute.map((rule) => ({
    level: 'warn',
    message: `is so low that the alert at ${ruleText(rule)} cannot fire`,
  }));
}

/** How a monitor's checks follow each other. */
export interface Checks extends Pick<Thresholds, 'failure_threshold'> {
  /** From check to check; for a heartbeat from call to call. */
  readonly interval_s: number;
}

/** Whether one failed check of a monitor would page for an objective: then it should take more of them to be down. */
export function lintChecks(objective: Objective, checks: Checks): Finding[] {
  const bad = minutesSpoiledBy(checks);
  const burns = Object.fromEntries(
    Object.entries(BURN_WINDOWS).map(([name, lengthMs]) => [name, worstOf(bad, lengthMs)]),
  ) as BurnCounts;
  const rule = BURN_RULES.page.find((one) => isFiring(one, burns, allowedPpm(objective)));
  if (!rule) return [];
  return [
    {
      level: 'warn',
      message: `would page for one failed check, which counts as ${bad} minutes (${ruleText(rule)}): such a monitor should take more to be down`,
    },
  ];
}

/**
 * How many minutes are bad, at most, by a single failed check. None where others have to confirm it. Otherwise the
 * outage lasts until the next check, and a minute is bad that it takes half of.
 */
function minutesSpoiledBy({ failure_threshold, interval_s }: Checks): number {
  const lengthMs = interval_s * 1_000;
  if (failure_threshold > 1 || lengthMs < MINUTE_MS / 2) return 0;
  return Math.floor(lengthMs / MINUTE_MS) + 1;
}

function worstOf(bad: number, lengthMs: number): Counts {
  const minutes = lengthMs / MINUTE_MS;
  return { good: Math.max(0, minutes - bad), bad: Math.min(bad, minutes), unseen: 0 };
}

function ruleText({ factor, long, short }: BurnRule): string {
  const windows: readonly BurnWindow[] = [long, short];
  return `${factor} × over ${windows.join(' and ')}`;
}
