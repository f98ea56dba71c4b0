import { Button } from '@mantine/core';
import { useState, type ReactNode } from 'react';

/** A way through a list whose pages are found by the cursor that the page before gave. */
export interface Cursors {
  /** Of the page that is shown; undefined for the first. */
  readonly cursor: string | undefined;
  readonly onBack: (() => void) | undefined;
  readonly onward: (next: string) => void;
}

/** Begins at the first page, and does so again whenever the list is another one. */
export function useCursors(list: string): Cursors {
  const [way, setWay] = useState<{ readonly list: string; readonly passed: readonly string[] }>({
    list,
    passed: [],
  });
  const passed = way.list === list ? way.passed : [];
  return {
    cursor: passed.at(-1),
    onBack: passed.length === 0 ? undefined : () => setWay({ list, passed: passed.slice(0, -1) }),
    onward: (next) => setWay({ list, passed: [...passed, next] }),
  };
}

/** Leads to the page before and after; nothing where all is on one page. */
export function Pager({
  label,
  back,
  onward,
  children,
  onBack,
  onOnward,
}: {
  /** Of what the pages are. */
  readonly label: string;
  readonly back: string;
  readonly onward: string;
  /** Which page this is. */
  readonly children?: ReactNode;
  readonly onBack: (() => void) | undefined;
  readonly onOnward: (() => void) | undefined;
}): ReactNode {
  if (onBack === undefined && onOnward === undefined) return null;
  return (
    <nav className="card-body row" aria-label={`Pages of ${label}`}>
      <Button variant="default" size="xs" disabled={onBack === undefined} onClick={onBack}>
        {back}
      </Button>
      <Button variant="default" size="xs" disabled={onOnward === undefined} onClick={onOnward}>
        {onward}
      </Button>
      {children !== undefined && <span className="quiet small">{children}</span>}
    </nav>
  );
}
