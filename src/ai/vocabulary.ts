/** Something to recognize in a text. Patterns are linear in the text: no repetition meets its own characters. */
export interface Term {
  readonly pattern: RegExp;
  /** How a summary says it; null says it as the text does, in small letters. */
  readonly said: string | null;
}

/** Not inside of a longer word, whatever its script. */
const WORD_START = String.raw`(?<![\p{L}\p{N}_])`;
/** Nor at the head of a cloud region: "eu-west-1" is not the EU. */
const WORD_END = String.raw`(?![\p{L}\p{N}_]|-\p{L}+-?\d)`;

/** Whole words, in any case unless the flags say otherwise. Spaces in the text are expected to be single. */
export function words(pattern: string, flags = 'giu'): RegExp {
  return new RegExp(`${WORD_START}(?:${pattern})${WORD_END}`, flags);
}

function term(pattern: string, said: string | null = null, flags?: string): Term {
  return { pattern: words(pattern, flags), said };
}

/** What something is wrong with. Said in the singular, because a problem follows: "payment failures". */
export const SUBJECTS: readonly Term[] = [
  term('payments?', 'payment'),
  term('payouts?', 'payout'),
  term('refunds?', 'refund'),
  term('checkouts?', 'checkout'),
  term('webhooks?', 'webhook'),
  term('log-?ins?|sign-?ins?', 'login'),
  term('auth(?:entication)?', 'authentication'),
  term('APIs?', 'API'),
  term('databases?|DBs?', 'database'),
  term('transactions?', 'transaction'),
  term('invoices?', 'invoice'),
  term('subscriptions?', 'subscription'),
  term('disputes?|chargebacks?', 'dispute'),
  term('transfers?', 'transfer'),
  term('billing', 'billing'),
  term('e-?mails?', 'email'),
  term('SMS', 'SMS'),
  term('notifications?', 'notification'),
  term('dashboards?', 'dashboard'),
  term('search', 'search'),
  term('queues?', 'queue'),
  term('network', 'network'),
  term('storage', 'storage'),
  term('DNS', 'DNS'),
  term('CDN', 'CDN'),
];

/** What is wrong. Nouns are said as the text has them, "failure" or "failures"; verbs as the noun they mean. */
export const PROBLEMS: readonly Term[] = [
  term('failures?|outages?|downtime|errors?|timeouts?|latency|degradation|slowness|delays?'),
  term('data loss|breach(?:es)?|interruptions?|disruptions?'),
  term('fail(?:s|ed|ing)?', 'failures'),
  term('(?<!slow(?:s|ed|ing)? )down|unavailable|unreachable|offline', 'outage'),
  term('tim(?:e|es|ed|ing) out', 'timeouts'),
  term('slow(?:er|ly)?|slow(?:s|ed|ing) down', 'slowness'),
  term('degraded', 'degradation'),
  term('delayed', 'delays'),
];

/** Where it is wrong. */
export const PLACES: readonly Term[] = [
  term(
    '(?:us|eu|ap|ca|sa|me|af|il|mx|asia|europe|australia)-(?:gov-)?(?:north|south|east|west|central){1,2}-?[0-9]{1,2}[a-f]?',
  ),
  term('APAC|Asia[- ]Pacific', 'APAC'),
  term('EMEA', 'EMEA'),
  term('LATAM|Latin America', 'LATAM'),
  term('EU|European Union', 'EU'),
  term('UK|United Kingdom', 'UK'),
  // In small letters it is a pronoun, unless what follows says otherwise.
  term('USA?|U\\.S\\.(?:A\\.)?', 'US', 'gu'),
  term('United States|us(?= (?:region|customers|users|merchants|cards))', 'US'),
  term('North America', 'North America'),
  term('South America', 'South America'),
  term('Middle East', 'Middle East'),
  term('Europe', 'Europe'),
  term('Asia(?![- ]Pacific)', 'Asia'),
  term('Africa', 'Africa'),
  term('Australia', 'Australia'),
  term('Canada', 'Canada'),
  term('Brazil', 'Brazil'),
  term('India', 'India'),
  term('Japan', 'Japan'),
  term('Singapore', 'Singapore'),
];

/** How a summary says the terms that a text holds, each once, in the text's order. */
export function recognize(terms: readonly Term[], text: string): string[] {
  const found = terms.flatMap(({ pattern, said }) =>
    Array.from(text.matchAll(pattern), (match) => ({
      at: match.index,
      said: said ?? match[0].toLowerCase(),
    })),
  );
  found.sort((one, other) => one.at - other.at);
  return [...new Set(found.map(({ said }) => said))];
}
