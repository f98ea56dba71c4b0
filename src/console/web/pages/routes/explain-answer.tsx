import type { ReactNode } from 'react';
import type { ExplainedRoute, Explanation } from '../../api/types';
import { actionText } from '../../parts/delivery-words';
import { Instant } from '../../parts/instant';
import { DELIVERY_WORDS, StateMark, type StateWord } from '../../parts/state-mark';
import type { RouteFields, Rule } from './rule';
import { ruleId, verdictWord } from './rule-row';
import { Sentence } from '../../parts/sentence';

type Destination = Explanation['destinations'][number];

const PLANS: Readonly<Record<Destination['plan'], StateWord>> = {
  trigger_now: { tone: 'ok', word: 'Page', icon: 'send' },
  held: { tone: 'degraded', word: 'Held', icon: 'clock' },
  fallback: { tone: 'quiet', word: 'Stands in', icon: 'clock' },
  resolve: { tone: 'ok', word: 'All-clear' },
  shadow: { tone: 'unknown', word: 'Shadow', icon: 'half' },
  nothing: { tone: 'quiet', word: 'Nothing new' },
  off: { tone: 'quiet', word: 'Off', icon: 'pause' },
};

/** Of the rules that would have told somebody so many are shown, those that came nearest first. */
const NEAREST = 3;

/** Each rule that continues may take an event; so many of them are named. */
const MOST_SHOWN = 20;

/** What the rules make of an event, and what was sent about it. */
export function Answer({
  explanation,
  rules,
  isDraft,
  onShow,
}: {
  readonly explanation: Explanation;
  readonly rules: readonly Rule[];
  readonly isDraft: boolean;
  readonly onShow: (name: string) => void;
}): ReactNode {
  const took = explanation.routes.filter(({ verdict }) => verdict === 'matched');
  const named = new Map(rules.map(({ route }) => [route.name, route]));
  const nearly = explanation.routes
    .filter(({ verdict, name }) => verdict === 'not_matched' && (named.get(name)?.to ?? []).length > 0)
    .toSorted((one, other) => one.unmet.length - other.unmet.length)
    .slice(0, NEAREST);
  return (
    <div className="explain-parts">
      <div>
        <h3>Which rule {isDraft ? 'would take it, by the draft' : 'took it'}</h3>
        {took.length === 0 && <p>None: nobody is told of it.</p>}
        <Verdicts routes={took.slice(0, MOST_SHOWN)} rules={named} onShow={onShow} />
        {took.length > MOST_SHOWN && (
          <p>and {took.length - MOST_SHOWN} more, marked among the rules below.</p>
        )}
        {nearly.length > 0 && (
          <>
            <h4>Nearest of those that did not</h4>
            <Verdicts routes={nearly} rules={named} onShow={onShow} />
          </>
        )}
      </div>
      <div>
        <h3>What {isDraft ? 'the draft would do' : 'that means'}</h3>
        {explanation.destinations.length === 0 && <p>Nothing is sent to anybody.</p>}
        <ul className="explain-list">
          {explanation.destinations.map((one) => (
            <li key={one.destination}>
              <div className="explain-line">
                <StateMark {...PLANS[one.plan]} isSoft />
                <span>
                  <b>{one.name}</b>
                  {one.route !== null && (
                    <>
                      {' '}
                      by <RuleLink name={one.route.name} onShow={onShow} />
                    </>
                  )}
                </span>
              </div>
              <div className="small">
                <Sentence text={one.says} />
              </div>
            </li>
          ))}
        </ul>
      </div>
      <div>
        <h3>What was sent so far</h3>
        {explanation.sent.length === 0 && <p>Nothing.</p>}
        <ul className="explain-list">
          {explanation.sent.map((one) => (
            <li key={one.delivery_id}>
              <div className="explain-line">
                <StateMark {...DELIVERY_WORDS[one.status]} isSoft />
                <span>
                  {actionText(one.action)} for <b>{one.name}</b>, decided <Instant at={one.created_at} />
                </span>
              </div>
              <div className="small">
                <Sentence text={one.says} />
              </div>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

function Verdicts({
  routes,
  rules,
  onShow,
}: {
  readonly routes: readonly ExplainedRoute[];
  /** By their names. */
  readonly rules: ReadonlyMap<string, RouteFields>;
  readonly onShow: (name: string) => void;
}): ReactNode {
  return (
    <ul className="explain-list">
      {routes.map((route) => (
        <li key={route.id}>
          <div className="explain-line">
            <StateMark {...verdictWord(route, rules.get(route.name)?.shadow ?? false)} isSoft />
            <RuleLink name={route.name} onShow={onShow} />
          </div>
          <div className="small">
            <Sentence text={route.says} />
          </div>
        </li>
      ))}
    </ul>
  );
}

function RuleLink({
  name,
  onShow,
}: {
  readonly name: string;
  readonly onShow: (name: string) => void;
}): ReactNode {
  return (
    <a
      href={`#${encodeURIComponent(ruleId(name))}`}
      onClick={(event) => {
        // The address of the page stays: it is that of the question.
        event.preventDefault();
        onShow(name);
      }}
    >
      <bdi>{name === 'default' ? 'the built-in rule' : name}</bdi>
    </a>
  );
}
