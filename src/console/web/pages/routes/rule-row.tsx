import { ActionIcon, Button } from '@mantine/core';
import { useEffect, useRef, type ReactNode } from 'react';
import type { ExplainedRoute } from '../../api/types';
import { Icon } from '../../parts/icon';
import { Instant, useNow } from '../../parts/instant';
import { StateMark, type StateWord } from '../../parts/state-mark';
import type { RuleChange } from './draft';
import type { LastChange } from './last-changes';
import { inWords, isMuted } from './route-words';
import type { RouteFields, Rule } from './rule';
import { Sentence } from '../../parts/sentence';

/** What can be done with rules. */
export interface Editing {
  /** Whether a mute can be set, which holds at once. */
  readonly mayMute: boolean;
  readonly onEdit: (rule: Rule) => void;
  readonly onMute: (rule: Rule) => void;
  readonly onMove: (rule: Rule, place: number) => void;
  readonly onDelete: (rule: Rule) => void;
}

const VERDICTS: Readonly<Record<ExplainedRoute['verdict'], StateWord>> = {
  matched: { tone: 'ok', word: 'Took it' },
  not_matched: { tone: 'quiet', word: 'Passed by' },
  off: { tone: 'quiet', word: 'Off', icon: 'pause' },
  not_reached: { tone: 'quiet', word: 'Not asked' },
};

/** How a rule's verdict on an event is shown. One that took it, and yet is muted or only tried out, told nobody. */
export function verdictWord({ verdict, muted_until }: ExplainedRoute, isShadow: boolean): StateWord {
  if (verdict !== 'matched') return VERDICTS[verdict];
  if (isShadow) return { tone: 'unknown', word: 'Tried out', icon: 'half' };
  return muted_until === null
    ? VERDICTS.matched
    : { tone: 'degraded', word: 'Took it, muted', icon: 'pause' };
}

/** One rule in plain words, what it makes of the event that is explained, and what can be done with it. */
export function RuleRow({
  rule,
  place,
  of,
  change,
  verdict,
  lastChange,
  editing,
}: {
  readonly rule: Rule;
  /** 0 is the first; null for the built-in one. */
  readonly place: number | null;
  readonly of: number;
  readonly change: RuleChange['what'] | undefined;
  readonly verdict: ExplainedRoute | undefined;
  readonly lastChange: LastChange | undefined;
  readonly editing: Editing | null;
}): ReactNode {
  const { name } = rule.route;
  const words = inWords(rule.route, useNow());
  const isBuiltIn = place === null;
  return (
    <li className="rule" id={ruleId(name)} tabIndex={-1} data-verdict={verdict?.verdict}>
      <span className="rule-number number" aria-hidden="true">
        {isBuiltIn ? '·' : place + 1}
      </span>
      <div className="rule-body">
        <div className="row">
          <h3>
            <bdi>{isBuiltIn ? 'Built-in rule' : name}</bdi>
          </h3>
          <Marks route={rule.route} change={change} />
        </div>
        {isBuiltIn && (
          <p className="quiet small">
            Has its say where no rule before it ended the walk, so that a gap in the rules costs nobody a
            page.
          </p>
        )}
        <dl className="rule-words">
          <dt>When</dt>
          <dd>
            <bdi>{words.when}</bdi>
          </dd>
          <dt>Tells</dt>
          <dd>
            <bdi>{words.tells}</bdi>
          </dd>
          {words.also.length > 0 && (
            <>
              <dt>Also</dt>
              <dd>
                {words.also.map((sentence) => (
                  <div key={sentence}>
                    <Sentence text={sentence} />
                  </div>
                ))}
              </dd>
            </>
          )}
          {!isBuiltIn && (
            <>
              <dt>Then</dt>
              <dd>{words.then}</dd>
            </>
          )}
        </dl>
        {verdict !== undefined && (
          <p className="rule-verdict">
            <StateMark {...verdictWord(verdict, rule.route.shadow)} isSoft />
            <Sentence text={verdict.says} />
          </p>
        )}
        {lastChange !== undefined && (
          <p className="quiet small">
            Changed <Instant at={lastChange.at} /> <bdi>{lastChange.by}</bdi>
          </p>
        )}
      </div>
      {editing !== null && place !== null && <Actions rule={rule} place={place} of={of} editing={editing} />}
    </li>
  );
}

/** The id of a rule's row, for links within the page. */
export function ruleId(name: string): string {
  return `rule ${name}`;
}

function Marks({
  route,
  change,
}: {
  readonly route: RouteFields;
  readonly change: RuleChange['what'] | undefined;
}): ReactNode {
  const muted = isMuted(route, useNow());
  return (
    <>
      {change !== undefined && (
        <StateMark tone="maintenance" icon="dot" word={`${change}, not saved`} isSoft />
      )}
      {!route.enabled && <StateMark tone="quiet" icon="pause" word="Off" isSoft />}
      {muted && <StateMark tone="degraded" icon="pause" word="Muted" isSoft />}
      {route.shadow && <StateMark tone="unknown" icon="half" word="Shadow" isSoft />}
      {route.percent !== 100 && (
        <StateMark tone="unknown" icon="half" word={`${route.percent} % of events`} isSoft />
      )}
    </>
  );
}

function Actions({
  rule,
  place,
  of,
  editing,
}: {
  readonly rule: Rule;
  readonly place: number;
  readonly of: number;
  readonly editing: Editing;
}): ReactNode {
  const { name } = rule.route;
  const focusNext = useRef<string | null>(null);
  // A row that is put elsewhere loses the focus.
  useEffect(() => {
    if (focusNext.current !== null) document.getElementById(focusNext.current)?.focus();
    focusNext.current = null;
  }, [place]);
  const move = (to: number, button: string): void => {
    focusNext.current = button;
    editing.onMove(rule, to);
  };
  const [up, down] = [`up ${rule.key}`, `down ${rule.key}`];
  return (
    <div className="rule-actions row">
      <ActionIcon
        id={up}
        variant="default"
        aria-label={`Move ${name} up`}
        title="Ask it earlier"
        disabled={place === 0}
        onClick={() => move(place - 1, place === 1 ? down : up)}
      >
        <Icon name="up" />
      </ActionIcon>
      <ActionIcon
        id={down}
        variant="default"
        aria-label={`Move ${name} down`}
        title="Ask it later"
        disabled={place === of - 1}
        onClick={() => move(place + 1, place === of - 2 ? up : down)}
      >
        <Icon name="down" />
      </ActionIcon>
      {editing.mayMute && !rule.isNew && (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={`Mute ${name}`}
          onClick={() => editing.onMute(rule)}
        >
          Mute
        </Button>
      )}
      <Button
        size="compact-sm"
        variant="default"
        aria-label={`Edit ${name}`}
        onClick={() => editing.onEdit(rule)}
      >
        Edit
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        aria-label={`Delete ${name}`}
        onClick={() => editing.onDelete(rule)}
      >
        Delete
      </Button>
    </div>
  );
}
