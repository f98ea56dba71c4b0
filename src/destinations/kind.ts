import type { Destination } from './destination';
import type { Fields, SettingsOf } from './fields';

/** The types of destinations that an account can configure. */
export const DESTINATION_TYPES = ['pagerduty', 'slack', 'webhook', 'email'] as const;
export type DestinationType = (typeof DESTINATION_TYPES)[number];

/** What accounts configure of one type of destination. */
export interface Configurable<F extends Fields = Fields> {
  readonly type: DestinationType;
  readonly fields: F;
  /** Why the service cannot send there at all, or null. */
  readonly unavailable: string | null;
  /**
   * What names the place that settings lead to. Changed settings of the same place take the place of the earlier ones in
   * closing what was opened there; of another place, what was opened at the former is closed at the former.
   */
  placeOf(settings: SettingsOf<F>): string;
}

/** One type of destination that accounts configure. Its credentials are settings as JSON text. */
export type Kind = Destination & Configurable;
