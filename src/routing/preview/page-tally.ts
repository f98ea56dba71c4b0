import type { RoutedEvent, Rules } from '../wishes';
import { simulatedPages, type SimulatedPage } from './simulated-pages';
import type { StoredLife } from './stored-life';

/** A page that only one of two sets of rules would have sent. */
export interface DifferentPage extends SimulatedPage {
  readonly event_id: RoutedEvent['event_id'];
}

/** Pages of one set of rules. */
export interface PageCount {
  total: number;
  readonly by_destination: Map<string, number>;
}

/** So many pages are shown on either side, the first ones. */
export const MAX_SHOWN = 100;

/** Compares the pages of two sets of rules, event by event. */
export class PageTally {
  events = 0;
  readonly now: PageCount = { total: 0, by_destination: new Map() };
  readonly draft: PageCount = { total: 0, by_destination: new Map() };
  readonly added: DifferentPage[] = [];
  readonly removed: DifferentPage[] = [];
  addedTotal = 0;
  removedTotal = 0;

  /** @param until when all of it is looked at, milliseconds since 1970 */
  constructor(
    private readonly inForce: Rules,
    private readonly drafted: Rules,
    private readonly until: number,
  ) {}

  add(life: StoredLife): void {
    this.events += 1;
    const now = simulatedPages(life, this.inForce, this.until);
    const draft = simulatedPages(life, this.drafted, this.until);
    if (now.length === 0 && draft.length === 0) return;
    count(this.now, now);
    count(this.draft, draft);
    const added = beyond(draft, now);
    const removed = beyond(now, draft);
    this.addedTotal += added.length;
    this.removedTotal += removed.length;
    show(this.added, life, added);
    show(this.removed, life, removed);
  }
}

function count(sum: PageCount, pages: readonly SimulatedPage[]): void {
  sum.total += pages.length;
  for (const { destination } of pages) {
    sum.by_destination.set(destination, (sum.by_destination.get(destination) ?? 0) + 1);
  }
}

/** The pages to a destination that go beyond those of the others there, the last ones. A page at another time is the same. */
function beyond(pages: readonly SimulatedPage[], others: readonly SimulatedPage[]): readonly SimulatedPage[] {
  const left = new Map<string, number>();
  for (const { destination } of others) left.set(destination, (left.get(destination) ?? 0) + 1);
  return pages.filter(({ destination }) => {
    const there = left.get(destination) ?? 0;
    left.set(destination, there - 1);
    return there <= 0;
  });
}

function show(shown: DifferentPage[], { event }: StoredLife, pages: readonly SimulatedPage[]): void {
  for (const page of pages) if (shown.length < MAX_SHOWN) shown.push({ ...page, event_id: event.event_id });
}
