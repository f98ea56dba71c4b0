import { iso, isoOrNull } from '../../normalization/instant';
import { DEFAULT_ACCOUNT, type NormalizedEvent } from '../../normalization/normalized-event';
import type { AlertEffect } from './alert-state';
import { ALERTS, type AlertName } from './alerts';

/** The source of events about objectives and about this service itself. */
export const SLO_SOURCE = 'slo';

/** What an alert is about. */
export interface AlertSubject {
  readonly alert: AlertName;
  /** Among those of the account: an objective's id, a route, a queue. */
  readonly subject: string;
  /** Null where it is about all accounts together: then it is the default account's. */
  readonly account_id: string | null;
  /** What people call it. */
  readonly name: string;
  /** The service that the event is about. */
  readonly service: string;
}

/** What it is told by. */
export interface AlertFacts {
  /** By the database's clock, and no earlier than that of any event of the same alert before. */
  readonly updated_at: number;
  /** What was measured, for whoever reads the event: plain values by name. */
  readonly measured: Readonly<Record<string, string | number | null>>;
}

/** The event by which an alert is opened or resolved: of one alert always the same one, as its next revision. */
export function alertEvent(
  effect: AlertEffect,
  { alert, subject, account_id, name, service }: AlertSubject,
  { updated_at, measured }: AlertFacts,
): NormalizedEvent {
  const { severity, says } = ALERTS[alert];
  const resolved_at = effect.do === 'resolve' ? effect.resolved_at : null;
  return {
    account_id: account_id ?? DEFAULT_ACCOUNT,
    event_id: `slo:${account_id ?? 'all'}/${subject}:${alert}:${iso(effect.since_at)}`,
    source: SLO_SOURCE,
    kind: 'incident',
    severity,
    service,
    type: alert,
    user_id: null,
    summary: `${name}: ${says}`,
    description: describe(measured),
    started_at: effect.since_at,
    resolved_at,
    updated_at,
    raw: JSON.stringify({
      alert,
      subject,
      since_at: iso(effect.since_at),
      resolved_at: isoOrNull(resolved_at),
      measured,
    }),
  };
}

function describe(measured: AlertFacts['measured']): string | null {
  const parts = Object.entries(measured).map(([name, value]) => `${name}: ${value ?? 'unknown'}`);
  return parts.length === 0 ? null : parts.join('; ');
}
