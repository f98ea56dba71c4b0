import type { ReactNode } from 'react';

/** The name, and its sign: a signal of two lamps. */
export function Mark(): ReactNode {
  return (
    <span className="mark">
      <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
        <rect width="32" height="32" rx="8" fill="#12344d" />
        <circle cx="16" cy="9.5" r="3.6" fill="#ef5b5b" />
        <circle cx="16" cy="22.5" r="3.6" fill="#3fbf8a" />
      </svg>
      Signalbox
    </span>
  );
}
