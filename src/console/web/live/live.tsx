import { useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { followEvents, type LiveRevision, type LiveState } from '../api/live';

/** What is read anew at most this often, however fast things happen. */
const SETTLE_MS = 400;

/** How often lists are read from time to time: as a precaution while told at once, and as the only way otherwise. */
const CAREFUL_MS = 60_000;
const POLLING_MS = 10_000;

/** Queries whose answers a new revision changes. */
const CHANGED_BY_EVENTS = ['services', 'event', 'deliveries', 'monitors', 'sources'];

interface Live {
  readonly state: LiveState;
  /** Calls for every revision from now on; returns what ends that. */
  readonly listen: (listener: (revision: LiveRevision) => void) => () => void;
}

const LiveContext = createContext<Live | null>(null);

function useLive(): Live {
  const live = useContext(LiveContext);
  if (live === null) throw new Error('outside of LiveProvider');
  return live;
}

/** How the page learns what happens. */
export function useLiveState(): LiveState {
  return useLive().state;
}

/** How often a list is to be read although nobody said that it changed, in milliseconds. */
export function useRefetchInterval(): number {
  return useLive().state === 'live' ? CAREFUL_MS : POLLING_MS;
}

/** Calls for every revision while the component is shown. */
export function useRevisions(listener: (revision: LiveRevision) => void): void {
  const { listen } = useLive();
  const newest = useRef(listener);
  useEffect(() => {
    newest.current = listener;
  });
  useEffect(() => listen((revision) => newest.current(revision)), [listen]);
}

/** Follows the service's events, and has answers read anew that they change. */
export function LiveProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const queries = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');
  const [listeners] = useState(() => new Set<(revision: LiveRevision) => void>());

  useEffect(() => {
    const leaving = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isReading = false;
    let isStale = false;
    // One reading after the other, and never longer than half of the time: while thousands of things happen, each
    // would otherwise cancel the reading before it, and nothing would ever be shown.
    const read = async (): Promise<void> => {
      isStale = false;
      isReading = true;
      const startedAt = performance.now();
      await Promise.all(CHANGED_BY_EVENTS.map((key) => queries.invalidateQueries({ queryKey: [key] })));
      isReading = false;
      timer = undefined;
      if (isStale) refresh(performance.now() - startedAt);
    };
    const refresh = (pauseMs = SETTLE_MS): void => {
      isStale = true;
      if (isReading || timer !== undefined || leaving.signal.aborted) return;
      timer = setTimeout(() => void read(), Math.max(pauseMs, SETTLE_MS));
    };
    void followEvents(
      {
        onState: setState,
        onGap: () => refresh(),
        onRevision: (revision) => {
          for (const listener of listeners) listener(revision);
          refresh();
        },
      },
      leaving.signal,
    );
    return () => {
      leaving.abort();
      clearTimeout(timer);
    };
  }, [queries, listeners]);

  const live = useMemo<Live>(
    () => ({
      state,
      listen(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    }),
    [state, listeners],
  );
  return <LiveContext value={live}>{children}</LiveContext>;
}
