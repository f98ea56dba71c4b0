import { Button, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Explanation, RouteList } from '../../api/types';
import { Empty } from '../../parts/empty';
import { Instant } from '../../parts/instant';
import { changesOf, type Draft } from './draft';
import { useLastChanges } from './last-changes';
import { conditionsText } from './route-words';
import { rulesOf, type Rule } from './rule';
import { RuleRow, type Editing } from './rule-row';

/** So many rules are rendered at a time; an account has up to 500. */
const ROWS = 50;

/** Which of the rules are shown. */
export interface RuleView {
  /** A text that they have to hold. */
  readonly text: string;
  /** Place among those of the first that is shown. */
  readonly from: number;
}

/** Shows all rules, and of them those around a place. */
export function viewAt(place: number): RuleView {
  return { text: '', from: Math.max(0, Math.floor(place / ROWS) * ROWS) };
}

/** With fewer rules there is nothing to search. */
const SEARCHED_FROM = 10;

/** The rules in their order, and the built-in one behind them. */
export function RuleList({
  account,
  draft,
  last,
  explanation,
  editing,
  view: { text, from },
  onView,
}: {
  readonly account: string;
  readonly draft: Draft;
  readonly last: RouteList['default'];
  readonly explanation: Explanation | undefined;
  /** Null for those who may only look. */
  readonly editing: Editing | null;
  readonly view: RuleView;
  readonly onView: (view: RuleView) => void;
}): ReactNode {
  const lastChanges = useLastChanges(account);
  const { rules } = draft;
  const changes = new Map(changesOf(draft).map(({ key, what }) => [key, what]));
  const verdicts = new Map(explanation?.routes.map((verdict) => [verdict.name, verdict]));
  const found = rules.map((rule, place) => ({ rule, place })).filter(({ rule }) => fits(rule, text));
  const first = from < found.length ? from : 0;
  const shown = found.slice(first, first + ROWS);
  const reordered = lastChanges.get(account);
  return (
    <section className="card" aria-label="Rules">
      <div className="card-head">
        <h2>
          {rules.length === 0
            ? 'No rules of its own'
            : `${rules.length} ${rules.length === 1 ? 'rule' : 'rules'}`}
        </h2>
        <span className="quiet small">
          asked from the first to the last
          {reordered !== undefined && (
            <>
              {' · '}order changed <Instant at={reordered.at} /> <bdi>{reordered.by}</bdi>
            </>
          )}
        </span>
      </div>
      {rules.length >= SEARCHED_FROM && (
        <div className="filters">
          <TextInput
            size="xs"
            label="Find a rule"
            placeholder="By name, condition or destination"
            value={text}
            onChange={(event) => onView({ text: event.currentTarget.value, from: 0 })}
          />
        </div>
      )}
      {rules.length === 0 && (
        <Empty title="Only the built-in rule decides" command={firstRules(account)}>
          <p>
            Rules say which events go where, when they may wait, who is reminded, and who stands in. Add one
            above, or send a list:
          </p>
        </Empty>
      )}
      {rules.length > 0 && found.length === 0 && <Empty title="No rule fits" />}
      <ol className="rules" start={first + 1}>
        {shown.map(({ rule, place }) => (
          <RuleRow
            key={rule.key}
            rule={rule}
            place={place}
            of={rules.length}
            change={changes.get(rule.key)}
            verdict={verdicts.get(rule.route.name)}
            lastChange={lastChanges.get(rule.key)}
            editing={editing}
          />
        ))}
        {first + ROWS >= found.length &&
          rulesOf([last]).map((rule) => (
            <RuleRow
              key={rule.key}
              rule={rule}
              place={null}
              of={rules.length}
              change={undefined}
              verdict={verdicts.get(last.name)}
              lastChange={undefined}
              editing={null}
            />
          ))}
      </ol>
      {found.length > ROWS && (
        <div className="card-body row">
          <Button
            size="xs"
            variant="default"
            disabled={first === 0}
            onClick={() => onView({ text, from: Math.max(0, first - ROWS) })}
          >
            Earlier rules
          </Button>
          <span className="quiet small" role="status">
            {first + 1} to {Math.min(first + ROWS, found.length)} of {found.length}
          </span>
          <Button
            size="xs"
            variant="default"
            disabled={first + ROWS >= found.length}
            onClick={() => onView({ text, from: first + ROWS })}
          >
            Later rules
          </Button>
        </div>
      )}
    </section>
  );
}

function fits({ route: { name, match, to } }: Rule, text: string): boolean {
  return `${name} ${conditionsText(match)} ${to.join(' ')}`.toLowerCase().includes(text.toLowerCase());
}

function firstRules(account: string): string {
  return `curl -X PUT ${location.origin}/routes -H 'content-type: application/json' -d '{
  "account_id": "${account}", "routes": [
    {"name": "Sandbox", "match": {"service": "sandbox*"}, "to": []},
    {"name": "Payments", "match": {"service": "payments*", "severity": {"from": "warning"}},
     "to": ["pagerduty"], "min_duration_s": 120}]}'`;
}
