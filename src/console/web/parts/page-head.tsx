import { Title } from '@mantine/core';
import type { ReactNode } from 'react';

/** A page's name, what it is about, and what can be done on it. */
export function PageHead({
  title,
  children,
  actions,
}: {
  readonly title: ReactNode;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}): ReactNode {
  return (
    <div className="page-head">
      <div>
        <Title order={1}>{title}</Title>
        {children !== undefined && <p>{children}</p>}
      </div>
      {actions !== undefined && <div className="row">{actions}</div>}
    </div>
  );
}
