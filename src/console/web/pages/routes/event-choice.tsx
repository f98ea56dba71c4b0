import { Autocomplete, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { answered, api } from '../../api/client';
import { useRefetchInterval } from '../../live/live';
import { SEVERITY_WORDS, StateMark } from '../../parts/state-mark';

/** So many of the newest events are offered. */
const OFFERED = 50;

/** Asks for an event: its id, or one of the newest. */
export function EventChoice({
  account,
  eventId,
  onChoose,
}: {
  readonly account: string;
  readonly eventId: string;
  readonly onChoose: (eventId: string) => void;
}): ReactNode {
  const [text, setText] = useState(eventId);
  const [textOf, setTextOf] = useState(eventId);
  // A link, or the way back, may have chosen another one.
  if (textOf !== eventId) {
    setTextOf(eventId);
    setText(eventId);
  }
  const refetchInterval = useRefetchInterval();
  const { data } = useQuery({
    queryKey: ['events', 'newest', account],
    queryFn: ({ signal }) => {
      const query = { account_id: account, limit: OFFERED };
      return answered(api.GET('/events', { params: { query }, signal }));
    },
    refetchInterval,
  });
  const newest = new Map((data?.events ?? []).map((event) => [event.event_id, event]));
  return (
    <form
      className="explain-choice"
      onSubmit={(event) => {
        event.preventDefault();
        onChoose(text.trim());
      }}
    >
      <Autocomplete
        size="xs"
        label="Event id"
        placeholder="Paste one, or choose of the newest"
        value={text}
        onChange={setText}
        onOptionSubmit={onChoose}
        data={[...newest.keys()]}
        filter={({ options, search }) =>
          options.filter((option) => {
            const id = 'value' in option ? option.value : '';
            const { summary = '', service = '' } = newest.get(id) ?? {};
            return `${id} ${summary} ${service}`.toLowerCase().includes(search.trim().toLowerCase());
          })
        }
        renderOption={({ option }) => {
          const event = newest.get(option.value);
          return (
            <span className="explain-option">
              {event !== undefined && <StateMark {...SEVERITY_WORDS[event.severity]} />}
              <bdi className="cut">{event?.summary.slice(0, 120)}</bdi>
              <bdi className="quiet small cut">{option.value.slice(0, 120)}</bdi>
            </span>
          );
        }}
        maxDropdownHeight={320}
      />
      <Button type="submit" size="xs" variant="default" disabled={text.trim() === ''}>
        Explain
      </Button>
    </form>
  );
}
