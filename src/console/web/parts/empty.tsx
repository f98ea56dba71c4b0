import type { ReactNode } from 'react';
import { CopyButton } from './copy-button';

/** A place that is empty teaches how it gets filled. */
export function Empty({
  title,
  children,
  command,
}: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly command?: string;
}): ReactNode {
  return (
    <div className="empty">
      <h3>{title}</h3>
      {children}
      {command !== undefined && (
        <>
          <pre className="code">{command}</pre>
          <CopyButton text={command} label="Copy" />
        </>
      )}
    </div>
  );
}
