import { MAX_EVENT_ID_BYTES, type NormalizedEvent } from './normalized-event';
import { storable } from './plain-text';
import type { IncidentsDocument, StatuspageItem } from './statuspage-document';
import { readInstant } from './read-instant';
import { readComponent, readIncident, readMaintenance, type StatusPage } from './statuspage-item';
import { findUnlisted, keyOf, type KnownItem, type PageMemory, type Summary } from './statuspage-memory';

/** One valid answer of a page, and what was known before it. */
export interface PageAnswer {
  readonly page: StatusPage;
  readonly summary: Summary;
  /** Null where it was not needed or could not be read. */
  readonly incidents: IncidentsDocument | null;
  readonly memory: PageMemory;
  readonly now: number;
}

/** What an answer came to. */
export interface PageReading {
  /** To be recorded: every item that is of interest, known or not, and every end of one. */
  readonly events: readonly NormalizedEvent[];
  /** How many items made an event. Ends that were concluded from absence do not count. */
  readonly signals: number;
  /** To be kept for the next poll, in the transaction that records the events. */
  readonly memory: PageMemory;
  /** What a page should not contain: unknown values, unusable ids. Each once. */
  readonly warnings: readonly string[];
}

/** A page may serve an old copy now and then, so one absence proves nothing. */
const ABSENCES_THAT_END = 2;

const READERS = { incident: readIncident, maintenance: readMaintenance, component: readComponent };
type ItemKind = keyof typeof READERS;

/**
 * Turns one valid answer of a page into events. Pure.
 *
 * An item is *open* while it is listed with trouble, and *over* once the page says so, or once it was in neither
 * document for two valid summaries in a row. What is over is remembered while it is listed, so that an old copy
 * out of a cache cannot open it again. Age is judged by the item's own `updated_at`, as in the event store: were
 * an old copy believed here and refused there, the event would stay open for ever.
 */
export function normalizePage(answer: PageAnswer): PageReading {
  const { summary, memory } = answer;
  const reader = new PageReader(answer);
  if (summary !== 'unchanged') {
    for (const item of summary.incidents) reader.take('incident', item);
    for (const item of summary.maintenances) reader.take('maintenance', item);
    for (const item of summary.components) reader.take('component', item);
  }
  const repeated = summary === 'unchanged' ? memory.signals : 0;
  const summarySignals = repeated + reader.signals;
  for (const item of findUnlisted(summary, memory)) reader.settle(item);
  return {
    events: reader.events,
    signals: repeated + reader.signals,
    memory: { known: [...reader.known.values()], signals: summarySignals },
    warnings: [...reader.warnings],
  };
}

/** Gathers what one answer comes to. */
class PageReader {
  readonly events: NormalizedEvent[] = [];
  readonly known: Map<string, KnownItem>;
  readonly warnings = new Set<string>();
  signals = 0;

  constructor(private readonly answer: PageAnswer) {
    this.known = new Map(
      answer.memory.known.map((item) => [
        keyOf(item.event.type, item.id),
        { ...item, is_listed: true, absences: 0 },
      ]),
    );
  }

  /** Makes the item's event, if there is one. Returns false where the item is only an old copy. */
  take(kind: ItemKind, item: StatuspageItem, isListed = true): boolean {
    const key = keyOf(kind, item.id);
    const known = this.known.get(key)?.event;
    if (known !== undefined && isOlder(item, known)) return false;

    const { page, now } = this.answer;
    const warn = (warning: string): unknown => this.warnings.add(warning);
    const event = READERS[kind](item, { page, now, known, warn });
    if (event === null) return true;
    if (!isUsableId(event.event_id)) {
      warn(`an id that is longer than ${MAX_EVENT_ID_BYTES} bytes or holds a broken character (${kind})`);
      return true;
    }
    this.events.push(event);
    this.signals++;
    this.known.set(key, { id: item.id, event, is_listed: isListed, absences: 0 });
    return true;
  }

  /** Decides about an item that the summary no longer lists: ask the incidents document, then count. */
  settle(item: KnownItem): void {
    const { id, event } = item;
    const key = keyOf(event.type, id);
    if (event.resolved_at !== null) {
      this.known.delete(key);
      return;
    }
    this.known.set(key, { ...item, is_listed: false, absences: 0 });
    const found = event.type === 'component' ? undefined : this.answer.incidents?.get(id);
    const kind = event.type === 'maintenance' ? 'maintenance' : 'incident';
    if (found !== undefined && this.take(kind, found, false)) return;

    const absences = item.absences + 1;
    if (absences < ABSENCES_THAT_END) {
      this.known.set(key, { ...item, is_listed: false, absences });
      return;
    }
    // Its `updated_at` stays the page's, so that the item can come back.
    this.events.push({ ...event, resolved_at: this.answer.now });
    this.known.delete(key);
  }
}

function isOlder(item: StatuspageItem, known: NormalizedEvent): boolean {
  const updatedAt = readInstant(item.updated_at);
  return updatedAt !== null && updatedAt < known.updated_at;
}

function isUsableId(id: string): boolean {
  return storable(id) === id && Buffer.byteLength(id) <= MAX_EVENT_ID_BYTES;
}
