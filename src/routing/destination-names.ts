import type { NamedDestination } from '../destinations/destinations.repository';
import { PAGERDUTY } from '../destinations/operators-pagerduty';

/** Names the operator's PagerDuty also where the account has a destination called `pagerduty`. No account's name has a slash. */
export const OPERATORS = `operator/${PAGERDUTY}`;

/** What an account calls its destinations, and the operator's PagerDuty. Routes are kept by ids and shown by names. */
export class DestinationNames {
  private readonly names = new Map<string, string>();
  private readonly ids = new Map<string, string>();

  constructor(readonly own: readonly NamedDestination[]) {
    const isTaken = own.some(({ name }) => name === PAGERDUTY);
    this.names.set(PAGERDUTY, isTaken ? OPERATORS : PAGERDUTY);
    this.ids.set(OPERATORS, PAGERDUTY).set(PAGERDUTY, PAGERDUTY);
    for (const { id, name } of own) {
      this.names.set(id, name);
      this.ids.set(name, id);
    }
  }

  /** Ids of those that are switched on. */
  get on(): readonly string[] {
    return this.own.filter(({ enabled }) => enabled).map(({ id }) => id);
  }

  /** The id; undefined where the account has no destination of that name. */
  idOf(name: string): string | undefined {
    return this.ids.get(name);
  }

  /** The name; of a destination that is gone the id. */
  nameOf(id: string): string {
    return this.names.get(id) ?? id;
  }
}
