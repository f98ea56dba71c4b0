import type { NormalizedEvent, Severity } from '../normalization/normalized-event';
import { iso } from '../normalization/instant';
import { storable } from '../normalization/plain-text';
import type { Action } from '../outbox/delivery.entity';

const SEVERITY_IN_WORDS: Readonly<Record<Severity, string>> = {
  critical: 'Critical',
  warning: 'Warning',
  info: 'Info',
};

/** What is told of an event. */
export interface Told {
  readonly action: Action;
  readonly event: NormalizedEvent;
}

/** What people are told of an event, wherever they read it. */
export interface Wording {
  /** `Critical`, or `Resolved`. */
  readonly state: string;
  /** Never blank. */
  readonly service: string;
  readonly summary: string;
  readonly description: string | null;
  /** Labels and values. */
  readonly facts: readonly (readonly [label: string, value: string])[];
}

export function wordingOf({ action, event }: Told): Wording {
  const isResolved = action === 'resolve';
  const severity = SEVERITY_IN_WORDS[event.severity];
  const source = textOr(event.source, '-');
  const service = textOr(event.service, source);
  const facts: [string, string][] = [
    ['Severity', severity],
    ['Service', service],
    ['Source', source],
    ['Type', textOr(event.type, '-')],
    ['Started', iso(event.started_at)],
  ];
  if (isResolved && event.resolved_at !== null) facts.push(['Resolved', iso(event.resolved_at)]);
  facts.push(['Account', event.account_id], ['Event', storable(event.event_id)]);
  return {
    state: isResolved ? 'Resolved' : severity,
    service,
    summary: textOr(event.summary, `${service}: ${event.type}`),
    description:
      event.description === null || isBlank(event.description) ? null : storable(event.description),
    facts,
  };
}

function textOr(text: string, fallback: string): string {
  return storable(isBlank(text) ? fallback : text);
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}
