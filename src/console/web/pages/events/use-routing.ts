import { useQuery } from '@tanstack/react-query';
import type { EventDetail } from '../../api/types';
import { explainEvent } from '../routes/routes-api';
import type { Routing } from './routed-step';

/** Asks the rules in force what they make of an event as when it came. The event's page does not wait for that. */
export function useRouting({
  account_id,
  event_id,
  received_at,
  revision,
  deliveries,
}: EventDetail): Routing {
  const question = { account_id, event_id, at: received_at };
  const { data, error } = useQuery({
    queryKey: ['explain', question, revision, deliveries.length],
    queryFn: ({ signal }) => explainEvent(question, null, signal),
    retry: false,
  });
  if (data !== undefined) return { state: 'told', explanation: data };
  return error === null ? { state: 'asking' } : { state: 'failed', message: error.message };
}
