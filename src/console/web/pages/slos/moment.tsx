import type { ReactNode } from 'react';
import { inFull } from '../../parts/instant';

/** An instant of a report, in UTC to the minute: on paper nothing is "2 h ago". On hover in full, and as local time. */
export function Moment({
  at,
  otherwise = '–',
}: {
  readonly at: string | null;
  readonly otherwise?: string;
}): ReactNode {
  if (at === null) return otherwise;
  return (
    <time dateTime={at} title={inFull(at)} className="number">
      <span>{at.slice(0, 10)}</span> <span>{at.slice(11, 16)} UTC</span>
    </time>
  );
}
