import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { answered, api } from '../../api/client';
import { useRefetchInterval } from '../../live/live';
import { Instant } from '../../parts/instant';
import { StateMark, type StateWord } from '../../parts/state-mark';

type BreakerState = 'open' | 'half_open' | 'closed';

/** A circuit breaker, as `GET /readyz` tells of it (`BreakerSnapshot` in src/reliability). */
interface Breaker {
  readonly name: string;
  readonly state: BreakerState;
  readonly retry_at: string | null;
  readonly transitions: Readonly<Record<BreakerState, number>>;
}

const WORDS: Readonly<Record<BreakerState, StateWord>> = {
  closed: { tone: 'ok', word: 'Closed' },
  half_open: { tone: 'degraded', word: 'Probing' },
  open: { tone: 'outage', word: 'Open' },
};

/** Worst first. */
const RANK: Readonly<Record<BreakerState, number>> = { open: 0, half_open: 1, closed: 2 };

const MOST_ROWS = 40;

/** The breakers of the process that answers: an open one holds deliveries, and loses none. */
export function Breakers(): ReactNode {
  const [isWhole, setIsWhole] = useState(false);
  const refetchInterval = useRefetchInterval();
  const { data } = useQuery({
    queryKey: ['readiness'],
    queryFn: ({ signal }) => answered(api.GET('/readyz', { signal })),
    refetchInterval,
  });
  const breakers = breakersIn(data?.details);
  if (breakers.length === 0) return null;
  const shown = breakers
    .toSorted(
      (one, other) => RANK[one.state] - RANK[other.state] || other.transitions.open - one.transitions.open,
    )
    .filter(({ state, transitions }) => isWhole || state !== 'closed' || transitions.open > 0)
    .slice(0, MOST_ROWS);
  const calm = breakers.filter(
    ({ state, transitions }) => state === 'closed' && transitions.open === 0,
  ).length;
  return (
    <section className="card" aria-label="Circuit breakers">
      <div className="card-head">
        <h2>Circuit breakers</h2>
        <span className="quiet small">
          of the process that answered; an open one holds deliveries and loses none
        </span>
      </div>
      {calm > 0 && (
        <p className="card-body row" style={{ margin: 0 }}>
          <StateMark {...WORDS.closed} /> {calm} of {breakers.length} never opened since the process began
          <Button
            size="compact-xs"
            variant="default"
            aria-expanded={isWhole}
            onClick={() => setIsWhole(!isWhole)}
          >
            {isWhole ? 'Hide them' : 'Show them'}
          </Button>
        </p>
      )}
      {shown.length > 0 && (
        <table className="list">
          <thead>
            <tr>
              <th scope="col">State</th>
              <th scope="col">Towards</th>
              <th scope="col">Next probe</th>
              <th scope="col">Times opened</th>
              <th scope="col">Times probed</th>
              <th scope="col">Times closed</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ name, state, retry_at, transitions }) => (
              <tr key={name}>
                <td>
                  <StateMark {...WORDS[state]} />
                </td>
                <td>{name}</td>
                <td data-label="Next probe">
                  <Instant at={retry_at} otherwise="none is due" />
                </td>
                <td data-label="Times opened" className="number">
                  {transitions.open}
                </td>
                <td data-label="Times probed" className="number">
                  {transitions.half_open}
                </td>
                <td data-label="Times closed" className="number">
                  {transitions.closed}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function breakersIn(details: unknown): readonly Breaker[] {
  const { breakers } = (details ?? {}) as { readonly breakers?: { readonly breakers?: readonly Breaker[] } };
  return breakers?.breakers ?? [];
}
