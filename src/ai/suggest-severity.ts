import type { Severity } from '../normalization/normalized-event';
import { words } from './vocabulary';

/** What turns a word into its opposite: "no outage", "isn't down", "not yet resolved", "non-critical". */
const NOT = String.raw`(?<!(?:\b(?:no|not|never|without|cannot)|n['’]t) (?:yet |been |fully |any )?|\bnon-)`;
/** What makes a recovery one that is still to come: "until resolved", "will be resolved". */
const NOT_YET = String.raw`(?<!\b(?:be|until|once|when|if) )`;

/** Words that tell of many failures at once: "multiple payment failures", "all payments are failing". */
const MANY_FAILURES = String.raw`(?:multiple|many|several|numerous|widespread|all) (?:[\p{L}\p{N}'’-]+ ){0,3}fail(?:ures?|s|ed|ing)?`;

/**
 * Asked in this order; the first rule whose words are in the text decides, because what is over is no longer
 * critical, and what is critical is not made less so by being slow as well.
 */
const RULES: readonly { readonly severity: Severity; readonly pattern: RegExp }[] = [
  { severity: 'info', pattern: words(`${NOT}${NOT_YET}(?:resolved|recovered|restored)`, 'iu') },
  {
    severity: 'critical',
    pattern: words(
      `${NOT}(?:outages?|(?<!slow(?:s|ed|ing)? )down|downtime|unavailable|unreachable|offline|breach(?:es|ed)?|data loss|critical|${MANY_FAILURES})`,
      'iu',
    ),
  },
  {
    severity: 'warning',
    pattern: words(
      `${NOT}(?:latency|degraded|degradation|slow(?:s|ed|er|ing|ly|ness)?|elevated|retr(?:y|ies|ied|ying)|delay(?:s|ed)?|intermittent|fail(?:ures?|s|ed|ing)?|errors?|timeouts?|tim(?:es?|ed|ing) out|disruptions?|interruptions?)`,
      'iu',
    ),
  },
];

/** How bad a text sounds; `info` where no word in it tells. Spaces in the text are expected to be single. */
export function suggestSeverity(text: string): Severity {
  return RULES.find(({ pattern }) => pattern.test(text))?.severity ?? 'info';
}
