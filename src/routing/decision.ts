import type { Action, DeliveryReason } from '../outbox/delivery.entity';
import type { Hold } from './wishes';

/** When a trigger is sent, and what follows it. */
export interface Plan {
  /** Null: at once. */
  readonly hold: Hold | null;
  readonly route_id: string | null;
  /** In seconds; null for no reminders. */
  readonly remind_every_s: number | null;
}

/** A row to add to the outbox, or a change of one of its rows. */
export type Decision =
  | ({ readonly do: 'send'; readonly destination: string; readonly action: Action } & Plan)
  | {
      readonly do: 'keep_as_skipped';
      readonly destination: string;
      readonly action: Action;
      readonly reason: DeliveryReason;
      readonly route_id: string | null;
    }
  | { readonly do: 'skip'; readonly delivery_id: number; readonly reason: DeliveryReason }
  /** A trigger that is held gets another plan: sooner, or because it has something new to say. */
  | ({ readonly do: 'hasten'; readonly delivery_id: number; readonly destination: string } & Plan);
