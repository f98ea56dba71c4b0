import type { EventAction } from './validate';

/** Where an incident stands at PagerDuty. */
export const INCIDENT_STATES = ['triggered', 'acknowledged', 'resolved'] as const;
export type IncidentState = (typeof INCIDENT_STATES)[number];

export interface MockIncident {
  readonly dedup_key: string;
  readonly state: IncidentState;
}

/**
 * The newest incident of every key, as PagerDuty would have it. A key counts only together with the routing key
 * it was used with: the same one through another routing key is another incident.
 *
 * A trigger opens an incident where none is open; on an open one it changes nothing, acknowledged or not.
 * An acknowledge or resolve counts on an open incident only, and is else dropped without a word. A resolved
 * incident never opens again: the next trigger makes a new one, which takes its place here.
 */
export class MockIncidents {
  /** Both oldest first. */
  private readonly open = new Map<string, NumberedIncident>();
  private readonly resolved = new Map<string, NumberedIncident>();
  private opened = 0;

  constructor(private readonly maxIncidents: number) {}

  /** Tells the state that the key's incident is in afterwards, null where there is no incident. */
  apply(routingKey: string, dedupKey: string, action: EventAction): IncidentState | null {
    const key = JSON.stringify([routingKey, dedupKey]);
    const incident = this.open.get(key);
    if (incident === undefined) {
      if (action !== 'trigger') return this.resolved.get(key)?.state ?? null;
      this.resolved.delete(key);
      this.open.set(key, { number: ++this.opened, dedup_key: dedupKey, state: 'triggered' });
      this.dropBeyondLimit();
      return 'triggered';
    }
    switch (action) {
      case 'trigger':
        return incident.state;
      case 'acknowledge':
        this.open.set(key, { ...incident, state: 'acknowledged' });
        return 'acknowledged';
      case 'resolve':
        this.open.delete(key);
        this.resolved.set(key, { ...incident, state: 'resolved' });
        return 'resolved';
    }
  }

  /** In the order in which they were opened. */
  list(): MockIncident[] {
    return [...this.open.values(), ...this.resolved.values()]
      .sort((one, other) => one.number - other.number)
      .map(({ dedup_key, state }) => ({ dedup_key, state }));
  }

  /** What is over goes first. */
  private dropBeyondLimit(): void {
    if (this.open.size + this.resolved.size <= this.maxIncidents) return;
    const from = this.resolved.size > 0 ? this.resolved : this.open;
    for (const oldest of from.keys()) {
      from.delete(oldest);
      return;
    }
  }
}

interface NumberedIncident extends MockIncident {
  readonly number: number;
}
