import { lazy, Suspense, useMemo, type ReactNode } from 'react';
import type { SloDetail } from '../../api/types';
import { useNow } from '../../parts/instant';
import { budgetCourse, courseText } from './budget-course';
import { windowText } from './slo-words';

const Chart = lazy(() => import('../../parts/chart').then((m) => ({ default: m.Chart })));

const MINUTE_MS = 60_000;

/** How much was left of the budget, day by day, up to now. */
export function BudgetOverTime({ slo }: { readonly slo: SloDetail }): ReactNode {
  const now = useNow();
  // Once a minute is enough, and the chart is not made anew each second.
  const minute = now - (now % MINUTE_MS);
  const course = useMemo(() => budgetCourse(slo, minute), [slo, minute]);
  const chart = useMemo(
    () => ({
      times: course.map(({ at }) => at / 1_000),
      lines: [
        {
          label: 'Budget left',
          color: '--maintenance',
          values: course.map(({ left }) => (left === null ? null : left * 100)),
        },
        { label: 'All of it spent', color: '--outage', values: course.map(() => 0), isLimit: true },
      ],
      bands: [],
    }),
    [course],
  );
  const words = courseText(course);
  return (
    <section className="card" aria-label="Budget over time">
      <div className="card-head">
        <h2>Budget left, {windowText(slo.window)}</h2>
        <span className="quiet small">
          each point looks back over {windowText(slo.window)};{' '}
          {slo.window === '24h' ? 'one an hour' : 'one a day'}
        </span>
      </div>
      <div className="card-body slo-course">
        {words === null ? (
          <p className="quiet">Nothing was counted yet: the first point comes with the first minute.</p>
        ) : (
          <>
            <p>{words}</p>
            <Suspense fallback={<div className="chart placeholder" />}>
              <Chart label={`What was left of the budget over time. ${words}`} unit="%" {...chart} />
            </Suspense>
          </>
        )}
      </div>
    </section>
  );
}
