import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Account, Summary } from '../../api/types';
import { percentText } from '../../parts/duration';

const MINUTES: Readonly<Record<Summary['window'], number>> = {
  '1h': 60,
  '24h': 1_440,
  '7d': 10_080,
  '30d': 43_200,
};

/** What an account may send, and how much of it is used. */
export function Limits({
  account,
  summary,
  onChange,
  onDelete,
}: {
  readonly account: Account;
  readonly summary: Summary | undefined;
  /** Undefined for those who may not. */
  readonly onChange: (() => void) | undefined;
  readonly onDelete: (() => void) | undefined;
}): ReactNode {
  const { effective_limits: limits } = account;
  return (
    <section className="card" aria-label="Limits">
      <div className="card-head">
        <h2>Limits and use</h2>
        <span className="row">
          {onChange !== undefined && (
            <Button size="compact-xs" variant="default" onClick={onChange}>
              Change
            </Button>
          )}
          {onDelete !== undefined && (
            <Button size="compact-xs" variant="default" onClick={onDelete}>
              Delete the account
            </Button>
          )}
        </span>
      </div>
      <dl className="facts card-body">
        <dt>In the long run</dt>
        <dd>
          {limits.events_per_minute.toLocaleString('en')} events per minute
          {account.limits.events_per_minute === null && <span className="quiet"> (the default)</span>}
        </dd>
        <dt>At once, after a pause</dt>
        <dd>
          {limits.burst.toLocaleString('en')} events
          {account.limits.burst === null && <span className="quiet"> (the default)</span>}
        </dd>
        <dt>Above that</dt>
        <dd>refused with 429, for the sender to try again</dd>
        {summary !== undefined && (
          <>
            <dt>Used, {summary.window}</dt>
            <dd>
              <Use total={summary.total} most={limits.events_per_minute * MINUTES[summary.window]} />
            </dd>
          </>
        )}
        <dt>Stripe endpoint of its own</dt>
        <dd>{account.stripe_configured ? 'yes' : 'no'}</dd>
      </dl>
    </section>
  );
}

function Use({ total, most }: { readonly total: number; readonly most: number }): ReactNode {
  return (
    <>
      <span className="use">
        <span className="bar-track" aria-hidden="true">
          <span className="bar-fill" style={{ width: `${Math.min(1, total / most) * 100}%` }} />
        </span>
        <span>{percentText((total / most) * 100, 1)}</span>
      </span>
      <span className="quiet">
        {total.toLocaleString('en')} of the {most.toLocaleString('en')} events that the limit allows in that
        time
      </span>
    </>
  );
}
