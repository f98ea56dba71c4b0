import type { ReactNode } from 'react';
import { Link } from 'wouter';

/** There is no such page. */
export function NotFound(): ReactNode {
  return (
    <div className="card empty">
      <h3>There is no such page.</h3>
      <p>
        <Link href="/">See what is broken now</Link>
      </p>
    </div>
  );
}
