import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Link } from 'wouter';
import type { SignalEvent } from '../../api/types';
import { Instant } from '../../parts/instant';
import { eventHref } from '../../parts/links';
import { SEVERITY_WORDS, StateMark } from '../../parts/state-mark';

const ROW_HEIGHT = 52;
const OVERSCAN = 8;

/** Longer summaries are cut before they are laid out: a browser takes long to break a word of 100 KB. */
const SHOWN_CHARACTERS = 300;

/**
 * A list of any length, of which only what is in sight is rendered. It is moved through with the arrow keys; new rows
 * come in by themselves only while nobody points at it and its beginning is in sight.
 */
export function EventList({
  events: newest,
  hasMore,
  isLoadingMore,
  onEnd,
  onTop,
}: {
  readonly events: readonly SignalEvent[];
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly onEnd: () => void;
  /** Called while there is something new and it may be shown; undefined where there is nothing. */
  readonly onTop: (() => void) | undefined;
}): ReactNode {
  const frame = useRef<HTMLDivElement>(null);
  const [isPointedAt, setPointedAt] = useState(false);
  const [isFocused, setFocused] = useState(false);
  const [isScrolled, setScrolled] = useState(false);
  // What somebody looks at stays where it is: it changes, and grows at its end, but nothing comes in at its beginning.
  const isHeld = isPointedAt || isFocused || isScrolled;
  const [events, setEvents] = useState(newest);
  if (events !== newest && (!isHeld || beginAlike(events, newest))) setEvents(newest);
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing that it returns is memoized here
  const virtual = useVirtualizer({
    count: events.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
  });
  const rows = virtual.getVirtualItems();
  const lastShown = rows.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !isLoadingMore && lastShown >= events.length - OVERSCAN) onEnd();
  }, [hasMore, isLoadingMore, lastShown, events.length, onEnd]);
  useEffect(() => {
    if (!isHeld) onTop?.();
  }, [isHeld, onTop]);

  const move = (event: KeyboardEvent<HTMLDivElement>): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const current = Number((event.target as HTMLElement).dataset.index ?? NaN);
    const next = current + step;
    if (step === 0 || Number.isNaN(current) || next < 0 || next >= events.length) return;
    event.preventDefault();
    virtual.scrollToIndex(next);
    requestAnimationFrame(() => frame.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus());
  };

  return (
    <div
      ref={frame}
      className="virtual"
      style={{ height: virtual.getTotalSize() }}
      onKeyDown={move}
      onPointerEnter={() => setPointedAt(true)}
      onPointerLeave={() => setPointedAt(false)}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
      onScroll={(event) => setScrolled(event.currentTarget.scrollTop > 0)}
      tabIndex={-1}
    >
      <div className="virtual-inner" style={{ height: virtual.getTotalSize() }}>
        {rows.map(({ index, start }) => {
          const event = events[index];
          return event === undefined ? null : <Row key={index} event={event} index={index} top={start} />;
        })}
      </div>
    </div>
  );
}

/** Whether two lists have the same first row, and so the same rows at the same places as far as both reach. */
function beginAlike([one]: readonly SignalEvent[], [other]: readonly SignalEvent[]): boolean {
  return one?.event_id === other?.event_id && one?.account_id === other?.account_id;
}

function Row({
  event,
  index,
  top,
}: {
  readonly event: SignalEvent;
  readonly index: number;
  readonly top: number;
}): ReactNode {
  const isOpen = event.resolved_at === null && (event.kind === 'incident' || event.kind === 'status');
  return (
    <Link
      href={eventHref(event)}
      className="event-row"
      data-index={index}
      style={{ transform: `translateY(${top}px)` }}
    >
      <StateMark {...SEVERITY_WORDS[event.severity]} />
      <span style={{ minWidth: 0 }}>
        <strong className="cut" style={{ display: 'block' }}>
          <bdi>{event.summary.slice(0, SHOWN_CHARACTERS)}</bdi>
        </strong>
        <span className="quiet small cut" style={{ display: 'block' }}>
          <bdi>{event.source}</bdi> · <bdi>{event.type.slice(0, SHOWN_CHARACTERS)}</bdi> ·{' '}
          <bdi>{event.account_id}</bdi>
        </span>
      </span>
      <span className="cut wide">
        <bdi>{event.service.slice(0, SHOWN_CHARACTERS)}</bdi>
      </span>
      <span className="wide small">
        {isOpen && <StateMark tone="degraded" word="Open" icon="dot" />}
        {!isOpen && <span className="quiet">{event.resolved_at === null ? event.kind : 'over'}</span>}
        {event.delivered_to.length > 0 && <span className="quiet"> · paged</span>}
      </span>
      <span className="small quiet">
        <Instant at={event.received_at} />
      </span>
    </Link>
  );
}
