import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'wouter';
import { answered, api } from '../../api/client';
import type { EventDetail, Explanation } from '../../api/types';
import { explainEvent } from './routes-api';
import type { Rule } from './rule';

/** As of when an event is explained: by the clock when it came, or by that of now. */
export type AsOf = 'came' | 'now';

/** The event that is asked about, and what is known of it by now. */
export interface Explained {
  /** Null where none is chosen. */
  readonly eventId: string | null;
  readonly asOf: AsOf;
  readonly event: EventDetail | undefined;
  readonly explanation: Explanation | undefined;
  readonly error: Error | null;
  readonly choose: (eventId: string | null) => void;
  readonly chooseAsOf: (asOf: AsOf) => void;
}

/**
 * Explains the event that the address names, by the rules in force or by those of a draft.
 *
 * @param version of the rules in force: with another one it is asked anew
 */
export function useExplanation(account: string, draft: readonly Rule[] | null, version: number): Explained {
  const [search, setSearch] = useSearchParams();
  const eventId = search.get('explain');
  const asOf: AsOf = search.get('as') === 'now' ? 'now' : 'came';
  const event = useQuery({
    queryKey: ['event', account, eventId],
    queryFn: ({ signal }) => {
      const params = { path: { event_id: eventId ?? '' }, query: { account_id: account } };
      return answered(api.GET('/events/{event_id}', { params, signal }));
    },
    enabled: eventId !== null,
  });
  const { data } = event;
  const question = {
    account_id: account,
    event_id: eventId ?? '',
    at: asOf === 'came' ? data?.received_at : undefined,
  };
  const explanation = useQuery({
    queryKey: ['explain', question, data?.revision, data?.deliveries, draft ?? version],
    queryFn: ({ signal }) => explainEvent(question, draft, signal),
    enabled: data !== undefined,
  });
  const set = (name: string, value: string | null): void => {
    setSearch(
      (params) => {
        if (value === null) params.delete(name);
        else params.set(name, value);
        return params;
      },
      { replace: true },
    );
  };
  return {
    eventId,
    asOf,
    event: data,
    explanation: explanation.data,
    error: event.error ?? explanation.error,
    choose: (id) => set('explain', id === '' ? null : id),
    chooseAsOf: (as) => set('as', as === 'now' ? 'now' : null),
  };
}
