import type { Delivery } from '../api/types';

const REASONS: Readonly<Record<string, string>> = {
  resolved_before_sent: 'it was over before its page was sent',
  trigger_dead: 'its page never arrived, so there is nothing to clear',
  destination_off: 'the destination was switched off or deleted',
  not_wanted: 'no route wanted it any more when its time came',
  not_needed: 'what it stood in for was delivered, or is switched off',
  superseded: 'a replay took its place',
  shadow: 'its route is in shadow: it only notes what it would send',
  rejected: 'the destination refused it for good',
  attempts_exhausted: 'every attempt failed (DELIVERY_MAX_ATTEMPTS)',
  expired: 'it grew too old to be worth sending (DELIVERY_MAX_AGE_MS)',
  internal_error: 'a fault of Signalbox itself; the log tells more',
};

/** Why a delivery is dead or skipped, for people. */
export function reasonText(reason: string): string {
  return REASONS[reason] ?? reason.replaceAll('_', ' ');
}

const HOLDS: Readonly<Record<NonNullable<Delivery['hold']>, string>> = {
  mute: 'its rule was muted',
  duration: 'it had to last so long first',
  reminder: 'it reminds of what is open',
  fallback: 'it stands in where others have not taken it by then',
};

/** Why a delivery was not sent at once, for people. */
export function holdText(hold: NonNullable<Delivery['hold']>): string {
  return HOLDS[hold];
}

/** What a delivery does. */
export function actionText(action: 'trigger' | 'resolve'): string {
  return action === 'trigger' ? 'Page' : 'All-clear';
}
