import fc from 'fast-check';
import type { NormalizedEvent } from './normalized-event';
import { normalizePage } from './statuspage';
import { readIncidents, readSummary } from './statuspage-document';
import { EMPTY_MEMORY, type PageMemory } from './statuspage-memory';

const START = Date.parse('2031-03-01T00:00:00Z');
const MINUTE_MS = 60_000;

const INCIDENT_STATUSES = ['investigating', 'monitoring', 'resolved', 'postmortem', 'odd', null];
const MAINTENANCE_STATUSES = ['scheduled', 'in_progress', 'verifying', 'completed', 'odd', null];
const COMPONENT_STATUSES = [
  'operational',
  'degraded_performance',
  'major_outage',
  'under_maintenance',
  'odd',
  null,
];

/** What a page may say of up to three items: a status each, or nothing (`absent`). */
function statuses(of: readonly (string | null)[]): fc.Arbitrary<(string | null)[]> {
  return fc.array(fc.constantFrom(...of, 'absent'), { minLength: 3, maxLength: 3 });
}

interface Step {
  readonly isUnchanged: boolean;
  readonly hasIncidents: boolean;
  /** How many minutes old the copy is that the page serves. */
  readonly staleness: number;
  readonly incidents: (string | null)[];
  readonly maintenances: (string | null)[];
  readonly components: (string | null)[];
}

function steps(staleness: fc.Arbitrary<number>): fc.Arbitrary<Step[]> {
  return fc.array(
    fc.record({
      isUnchanged: fc.boolean(),
      hasIncidents: fc.boolean(),
      staleness,
      incidents: statuses(INCIDENT_STATUSES),
      maintenances: statuses(MAINTENANCE_STATUSES),
      components: statuses(COMPONENT_STATUSES),
    }),
    { minLength: 1, maxLength: 25 },
  );
}

/** The event store's rule for repeats, on a Map: changed and not older makes a revision. */
class Store {
  private readonly events = new Map<string, NormalizedEvent>();

  record(events: readonly NormalizedEvent[]): void {
    for (const event of events) {
      const known = this.events.get(event.event_id);
      if (known === undefined || event.updated_at >= known.updated_at) this.events.set(event.event_id, event);
    }
  }

  get open(): NormalizedEvent[] {
    return [...this.events.values()].filter(({ resolved_at }) => resolved_at === null);
  }
}

function items(prefix: string, list: (string | null)[], updatedAt: number): object[] {
  return list.flatMap((status, index) =>
    status === 'absent'
      ? []
      : [{ id: `${prefix}${index}`, status, impact: 'major', updated_at: new Date(updatedAt).toISOString() }],
  );
}

class Simulation {
  memory: PageMemory = EMPTY_MEMORY;
  readonly store = new Store();
  private now = START;

  poll(step: Step): void {
    this.now += MINUTE_MS;
    const updatedAt = this.now - step.staleness * MINUTE_MS;
    const incidents = items('i', step.incidents, updatedAt);
    const document = {
      page: { id: 'p' },
      incidents,
      scheduled_maintenances: items('m', step.maintenances, updatedAt),
      components: items('c', step.components, updatedAt),
    };
    const { events, memory } = normalizePage({
      page: { name: 'acme', source: 'acme_status' },
      summary: step.isUnchanged ? 'unchanged' : readSummary(JSON.stringify(document)),
      incidents: step.hasIncidents ? readIncidents(JSON.stringify({ incidents })) : null,
      memory: this.memory,
      now: this.now,
    });
    this.memory = JSON.parse(JSON.stringify(memory)) as PageMemory;
    this.store.record(events);
  }

  /** A page on which everything that ever was is gone, twice. */
  pollEmptyTwice(): void {
    const gone = { isUnchanged: false, hasIncidents: false, staleness: 0, incidents: [], maintenances: [] };
    const others = ['absent', 'absent', 'absent', 'operational'];
    this.poll({ ...gone, components: others });
    this.poll({ ...gone, components: others });
  }

  get remembered(): string[] {
    return this.memory.known
      .filter(({ event }) => event.resolved_at === null)
      .map(({ event }) => event.event_id)
      .sort();
  }

  get stored(): string[] {
    return this.store.open.map(({ event_id }) => event_id).sort();
  }

  get openEpisodesPerComponent(): number[] {
    const episodes = this.store.open.filter(({ type }) => type === 'component');
    const ids = episodes.map(({ event_id }) => event_id.split(':')[1]);
    return [...new Set(ids)].map((id) => ids.filter((other) => other === id).length);
  }
}

describe('any sequence of valid summaries', () => {
  it('leaves memory and event store agreed on what is open, with one episode per component', () => {
    fc.assert(
      fc.property(steps(fc.constant(0)), (sequence) => {
        const simulation = new Simulation();
        for (const step of sequence) {
          simulation.poll(step);
          expect(simulation.remembered).toEqual(simulation.stored);
          expect(simulation.openEpisodesPerComponent.filter((count) => count > 1)).toEqual([]);
        }
      }),
    );
  });

  it('never opens an event that is then forgotten, even with old copies out of caches', () => {
    fc.assert(
      fc.property(steps(fc.nat(4)), (sequence) => {
        const simulation = new Simulation();
        for (const step of sequence) {
          simulation.poll(step);
          expect(simulation.remembered).toEqual(expect.arrayContaining(simulation.stored));
          expect(simulation.openEpisodesPerComponent.filter((count) => count > 1)).toEqual([]);
        }
        simulation.pollEmptyTwice();
        expect(simulation.stored).toEqual([]);
        expect(simulation.remembered).toEqual([]);
      }),
    );
  });
});
