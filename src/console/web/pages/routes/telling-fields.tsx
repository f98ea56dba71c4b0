import { Fieldset, MultiSelect, NumberInput, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { answered, api } from '../../api/client';
import type { RouteList } from '../../api/types';
import type { RouteFields } from './rule';

/** More destinations an account cannot have. */
const MOST_DESTINATIONS = 100;

/** Whom a rule tells, when, and who stands in. */
export function TellingFields({
  account,
  route,
  last,
  onChange,
}: {
  readonly account: string;
  readonly route: RouteFields;
  readonly last: RouteList['default'];
  readonly onChange: (fields: Partial<RouteFields>) => void;
}): ReactNode {
  const { to, fallback } = route;
  const { data } = useQuery({
    queryKey: ['destinations', account],
    queryFn: ({ signal }) => {
      const query = { account_id: account, limit: MOST_DESTINATIONS };
      return answered(api.GET('/destinations', { params: { query }, signal }));
    },
  });
  // The built-in rule names the operator's PagerDuty as this account has to.
  const known = [...last.to, ...(data?.destinations ?? []).map(({ name }) => name), ...to];
  const names = [...new Set(fallback === null ? known : [...known, fallback])];
  return (
    <Fieldset legend="Then">
      <div className="rule-fields">
        <MultiSelect
          label="Tell"
          description="None: nobody is told, on purpose"
          placeholder={to.length === 0 ? 'Nobody' : ''}
          searchable
          data={names}
          value={to}
          onChange={(values) => onChange({ to: values })}
        />
        <NumberInput
          label="Only if it lasts, seconds"
          description="What is over sooner is told to nobody"
          placeholder="At once"
          min={0}
          max={86_400}
          allowDecimal={false}
          value={route.min_duration_s ?? ''}
          onChange={(value) => onChange({ min_duration_s: secondsOf(value) })}
        />
        <NumberInput
          label="Remind every, seconds"
          description="While it is open; 60 to 604800"
          placeholder="Never"
          min={60}
          max={604_800}
          allowDecimal={false}
          value={route.remind_every_s ?? ''}
          onChange={(value) => onChange({ remind_every_s: secondsOf(value) })}
        />
        <Select
          label="Who stands in"
          description="Where one of those does not take it"
          placeholder="Nobody"
          clearable
          data={names.filter((name) => !to.includes(name))}
          value={fallback}
          onChange={(name) => onChange({ fallback: name })}
        />
        {fallback !== null && (
          <NumberInput
            label="Stands in after, seconds"
            description="So long the others have to take it"
            min={0}
            max={86_400}
            allowDecimal={false}
            value={route.fallback_after_s}
            onChange={(value) => onChange({ fallback_after_s: value === '' ? 300 : Number(value) })}
          />
        )}
      </div>
    </Fieldset>
  );
}

function secondsOf(value: string | number): number | null {
  return value === '' ? null : Number(value);
}
