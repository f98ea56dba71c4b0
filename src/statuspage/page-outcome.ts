import type { RecordedEvent } from '../recording/recorded';
import type { PageFailureCode } from './page-failure';
import { SOURCE_UNREADABLE } from './unreadable-event';

/** What became of the events that a page brought. */
export interface RecordedCounts {
  /** New events. */
  readonly stored: number;
  /** Events that got a trigger. */
  readonly routed: number;
  /** Further revisions that ended nothing. */
  readonly updated: number;
  /** Revisions that ended an open event. */
  readonly resolved: number;
}

/** A page that was read, or that said it has not changed. */
export interface ReadPage extends RecordedCounts {
  readonly outcome: 'read' | 'unchanged';
  readonly page: string;
  readonly source: string;
  /** Items that were normalized; of an unchanged page, those of the last time it was read. */
  readonly signals: number;
}

/** A page that could not be read. */
export interface FailedPage {
  readonly outcome: 'failed';
  readonly page: string;
  readonly source: string;
  readonly code: PageFailureCode;
  /** What happened, and what to look at. */
  readonly message: string;
}

export type PageOutcome = ReadPage | FailedPage;

/**
 * Counts what became of a page's events. Events about the source itself do not count.
 *
 * @param wasOver whether an event had ended before this poll
 */
export function countRecorded(
  recorded: readonly RecordedEvent[],
  wasOver: (eventId: string) => boolean,
): RecordedCounts {
  const signals = recorded.filter(({ event }) => event.type !== SOURCE_UNREADABLE);
  const changed = signals.filter(({ outcome }) => outcome === 'changed');
  const ended = changed.filter(({ event }) => event.resolved_at !== null && !wasOver(event.event_id));
  return {
    stored: signals.filter(({ outcome }) => outcome === 'stored').length,
    routed: signals.filter(({ is_triggered }) => is_triggered).length,
    updated: changed.length - ended.length,
    resolved: ended.length,
  };
}
