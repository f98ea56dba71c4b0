import { useSyncExternalStore, type ReactNode } from 'react';
import { agoText } from './duration';

const TICK_MS = 1_000;

let now = Date.now();

/** One clock for all instants of the page, which does not show anything as later than now for long. */
function subscribe(changed: () => void): () => void {
  const timer = setInterval(() => {
    now = Date.now();
    changed();
  }, TICK_MS);
  return () => clearInterval(timer);
}

/** The time by this browser's clock, in milliseconds since 1970 UTC; renewed every second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

/** An instant as how long ago it was; on hover in full, in UTC and as the clock on the wall. */
export function Instant({
  at,
  otherwise = '–',
}: {
  readonly at: string | null;
  readonly otherwise?: string;
}): ReactNode {
  const present = useNow();
  if (at === null) return <span className="quiet">{otherwise}</span>;
  const ms = Date.parse(at);
  return (
    <time dateTime={at} title={inFull(at)} className="number">
      {agoText(ms, present)}
    </time>
  );
}

/** An instant in full: in UTC, and by the clock on the wall. */
export function inFull(at: string): string {
  return `${at.replace('T', ' ').replace('Z', '')} UTC\n${new Date(at).toLocaleString()} here`;
}
