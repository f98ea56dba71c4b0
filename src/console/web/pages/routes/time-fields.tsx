import { Autocomplete, Checkbox, Group, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { TimeWindow } from '../../api/types';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const LABELS: Readonly<Record<(typeof DAYS)[number], string>> = {
  mon: 'Mon',
  tue: 'Tue',
  wed: 'Wed',
  thu: 'Thu',
  fri: 'Fri',
  sat: 'Sat',
  sun: 'Sun',
};

const ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];

/** Hours of the week. */
export function TimeFields({
  time: { days, from, to, timezone },
  onChange,
}: {
  readonly time: TimeWindow;
  readonly onChange: (time: TimeWindow) => void;
}): ReactNode {
  const put = (fields: { days?: readonly string[]; from?: string; to?: string; timezone?: string }): void => {
    const next = { days: days ?? [], from: from ?? '', to: to ?? '', timezone, ...fields };
    onChange({
      timezone: next.timezone,
      ...(next.days.length > 0 ? { days: DAYS.filter((day) => next.days.includes(day)) } : {}),
      ...(next.from === '' ? {} : { from: next.from }),
      ...(next.to === '' ? {} : { to: next.to }),
    });
  };
  return (
    <>
      <Checkbox.Group
        mt="xs"
        label="Days on which it begins"
        description="None chosen: every day"
        value={days ?? []}
        onChange={(values) => put({ days: values })}
      >
        <Group gap="sm" mt={4}>
          {DAYS.map((day) => (
            <Checkbox key={day} value={day} label={LABELS[day]} />
          ))}
        </Group>
      </Checkbox.Group>
      <div className="rule-fields rule-fields-three">
        <TextInput
          type="time"
          label="From"
          value={from ?? ''}
          onChange={(event) => put({ from: event.currentTarget.value })}
        />
        <TextInput
          type="time"
          label="To, not included"
          value={to ?? ''}
          onChange={(event) => put({ to: event.currentTarget.value })}
        />
        <Autocomplete
          label="By the clocks of"
          placeholder="Europe/Berlin"
          required
          limit={30}
          data={ZONES}
          value={timezone}
          onChange={(value) => put({ timezone: value })}
        />
      </div>
    </>
  );
}
