import { Checkbox, Fieldset, Group, Switch, TagsInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { RouteMatch } from '../../api/types';
import { TimeFields } from './time-fields';

const PATTERNS = [
  { field: 'service', label: 'Service' },
  { field: 'source', label: 'Source' },
  { field: 'type', label: 'Type' },
] as const;

const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Which events a rule is for. A condition without a value is none. */
export function MatchFields({
  match,
  onChange,
}: {
  readonly match: RouteMatch;
  readonly onChange: (match: RouteMatch) => void;
}): ReactNode {
  const put = <Field extends keyof RouteMatch>(field: Field, value: RouteMatch[Field] | undefined): void => {
    const next = { ...match, [field]: value };
    if (value === undefined || (Array.isArray(value) && value.length === 0)) delete next[field];
    onChange(next);
  };
  return (
    <Fieldset legend="For events that meet all of this; without a condition for all events">
      <div className="rule-choices">
        <Choices
          label="Severity"
          words={['info', 'warning', 'critical']}
          value={match.severity}
          onChange={(values) => put('severity', values)}
        />
        <Choices
          label="Kind"
          words={['incident', 'status', 'payment', 'activity']}
          value={match.kind}
          onChange={(values) => put('kind', values)}
        />
      </div>
      <div className="rule-fields">
        {PATTERNS.map(({ field, label }) => (
          <TagsInput
            key={field}
            label={label}
            description="Press Enter after each; * stands for any text"
            placeholder={match[field] === undefined ? 'Any' : ''}
            maxTags={50}
            acceptValueOnBlur
            value={match[field] ?? []}
            onChange={(values) => put(field, values)}
          />
        ))}
      </div>
      <Switch
        mt="sm"
        label="Only at certain hours"
        checked={match.time !== undefined}
        onChange={(event) =>
          put(
            'time',
            event.currentTarget.checked
              ? { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00', timezone: HERE }
              : undefined,
          )
        }
      />
      {match.time !== undefined && <TimeFields time={match.time} onChange={(time) => put('time', time)} />}
    </Fieldset>
  );
}

/** Any of some words; none chosen means that it may be any. */
function Choices<Word extends string>({
  label,
  words,
  value = [],
  onChange,
}: {
  readonly label: string;
  readonly words: readonly Word[];
  readonly value: readonly Word[] | undefined;
  readonly onChange: (value: Word[]) => void;
}): ReactNode {
  return (
    <Checkbox.Group
      label={label}
      description="None chosen: any"
      value={[...value]}
      onChange={(chosen) => onChange(words.filter((word) => chosen.includes(word)))}
    >
      <Group gap="sm" mt={4}>
        {words.map((word) => (
          <Checkbox key={word} value={word} label={word} />
        ))}
      </Group>
    </Checkbox.Group>
  );
}
