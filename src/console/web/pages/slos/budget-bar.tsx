import type { ReactNode } from 'react';

/** What is left of a budget as a bar. The words beside it say the same, and more where too much was spent. */
export function BudgetBar({ ratio }: { readonly ratio: number | null }): ReactNode {
  const tone = ratio === null ? 'quiet' : ratio < 0 ? 'outage' : ratio < 0.25 ? 'degraded' : 'ok';
  const width = ratio === null ? 0 : ratio < 0 ? 100 : ratio * 100;
  return (
    <svg className="budget-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      <rect width="100" height="6" fill="var(--quiet-fill)" />
      <rect width={width} height="6" fill={`var(--${tone}-fill)`} />
    </svg>
  );
}
