import { Loader } from '@mantine/core';
import type { ReactNode } from 'react';

/** Something is on its way. */
export function Waiting({ label }: { readonly label: string }): ReactNode {
  return (
    <div className="empty" role="status">
      <Loader size="sm" type="dots" />
      <p>{label} …</p>
    </div>
  );
}

/** Keeps the place of rows that are on their way, so that nothing jumps when they come. */
export function WaitingRows({
  rows,
  height = 48,
}: {
  readonly rows: number;
  readonly height?: number;
}): ReactNode {
  return (
    <div className="card-body stack" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="placeholder" style={{ height }} />
      ))}
    </div>
  );
}
