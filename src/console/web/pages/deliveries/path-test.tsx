import { Button, Group, Loader, Modal } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { answered, api } from '../../api/client';
import type { EventDetail } from '../../api/types';
import { useAccount } from '../../layout/account-choice';
import { reasonText } from '../../parts/delivery-words';
import { durationText } from '../../parts/duration';
import { DELIVERY_WORDS, StateMark } from '../../parts/state-mark';
import { Trouble } from '../../parts/trouble';

const LOOK_EVERY_MS = 500;

/** So long the test waits for the destinations to answer. */
const PATIENCE_MS = 60_000;

type Deliveries = EventDetail['deliveries'];

/** Sends an event that pages, waits until everybody was told, and closes it again: how long does a page take? */
export function PathTest({ onClose }: { readonly onClose: () => void }): ReactNode {
  const account_id = useAccount() ?? 'default';
  const [seen, setSeen] = useState<Deliveries>([]);
  const stop = useRef(new AbortController());
  useEffect(() => {
    const { current } = stop;
    return () => current.abort();
  }, []);
  const test = useMutation({
    mutationFn: async () => {
      stop.current = new AbortController();
      const { signal } = stop.current;
      const event_id = `path-test-${crypto.randomUUID()}`;
      const sentAt = Date.now();
      await answered(api.POST('/events', { body: testEvent(account_id, event_id), signal }));
      try {
        return await untilTold(account_id, event_id, sentAt, signal, setSeen);
      } finally {
        // Not with the signal: what was opened is closed, whoever has gone meanwhile.
        const params = { path: { event_id }, query: { account_id } };
        await api.POST('/events/{event_id}/resolve', {
          params,
          body: { note: 'End of the test of the whole path' },
        });
      }
    },
  });
  return (
    <Modal opened onClose={onClose} title="Test the whole path">
      <p>
        A real critical event of the account <b>{account_id}</b> goes through the real pipeline to every
        destination that critical events go to. It says that it is a test, and is resolved as soon as
        everybody was told.
      </p>
      {test.isPending && (
        <p role="status">
          <Loader size="xs" /> Waiting for the destinations …
        </p>
      )}
      <Results deliveries={test.data?.deliveries ?? seen} />
      {test.data !== undefined && (
        <p role="status">
          {test.data.seconds === null ? (
            <b>Not everybody was told. See Dead and Pending.</b>
          ) : (
            <b>From the post to the last page: {test.data.seconds.toFixed(1)} s.</b>
          )}
        </p>
      )}
      {test.error !== null && <Trouble error={test.error} />}
      <Group justify="flex-end" mt="md">
        {test.isPending ? (
          <Button variant="default" onClick={() => stop.current.abort()}>
            Stop waiting
          </Button>
        ) : (
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
        )}
        <Button loading={test.isPending} onClick={() => test.mutate()}>
          {test.data === undefined ? 'Send the page' : 'Again'}
        </Button>
      </Group>
    </Modal>
  );
}

function Results({ deliveries }: { readonly deliveries: Deliveries }): ReactNode {
  const pages = deliveries.filter(({ action }) => action === 'trigger');
  if (pages.length === 0) return null;
  return (
    <ul className="evidence">
      {pages.map(({ id, destination, status, reason, created_at, finished_at }) => (
        <li key={id} style={{ gridTemplateColumns: '6.5rem 1fr' }}>
          <StateMark {...DELIVERY_WORDS[status]} />
          <span>
            {destination}
            {finished_at !== null &&
              ` after ${durationText(Date.parse(finished_at) - Date.parse(created_at))}`}
            {reason !== null && ` – ${reasonText(reason)}`}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** A tenant's event, as anybody may post it (`POST /events`). */
function testEvent(account_id: string, event_id: string) {
  return {
    event_id,
    account_id,
    user_id: 'console',
    type: 'signalbox.path_test',
    kind: 'incident' as const,
    severity: 'critical' as const,
    timestamp: new Date().toISOString(),
    metadata: { message: 'A test of the whole path, sent from the console. Nothing is broken.' },
  };
}

async function untilTold(
  account_id: string,
  event_id: string,
  sentAt: number,
  signal: AbortSignal,
  onSeen: (deliveries: Deliveries) => void,
): Promise<{ readonly deliveries: Deliveries; readonly seconds: number | null }> {
  for (;;) {
    const params = { path: { event_id }, query: { account_id } };
    const { deliveries } = await answered(api.GET('/events/{event_id}', { params }));
    onSeen(deliveries);
    const isOver = deliveries.length > 0 && deliveries.every(({ status }) => status !== 'pending');
    if (isOver || signal.aborted || Date.now() - sentAt > PATIENCE_MS) {
      const isTold = isOver && deliveries.every(({ status }) => status === 'delivered');
      return { deliveries, seconds: isTold ? (Date.now() - sentAt) / 1_000 : null };
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
