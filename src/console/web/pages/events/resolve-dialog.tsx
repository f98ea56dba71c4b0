import { Button, Group, Modal, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { answered, api } from '../../api/client';
import type { EventDetail } from '../../api/types';
import { Trouble } from '../../parts/trouble';

/** Asks before an event is resolved by hand, and says what will happen. */
export function ResolveDialog({
  event,
  onClose,
}: {
  readonly event: EventDetail;
  readonly onClose: () => void;
}): ReactNode {
  const [note, setNote] = useState('');
  const queries = useQueryClient();
  const resolve = useMutation({
    mutationFn: () => {
      const params = { path: { event_id: event.event_id }, query: { account_id: event.account_id } };
      const body = note.trim() === '' ? {} : { note };
      return answered(api.POST('/events/{event_id}/resolve', { params, body }));
    },
    onSuccess: async () => {
      await queries.invalidateQueries();
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title="Resolve this event by hand?">
      <p>
        It counts as over from now on, whatever its source says of this state, and every destination that was
        told of it gets the all-clear. It opens again if the source reports a newer state that is not over.
      </p>
      <Textarea
        label="Note, for the time line"
        value={note}
        onChange={(change) => setNote(change.currentTarget.value)}
      />
      {resolve.error !== null && <Trouble error={resolve.error} />}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          Leave it open
        </Button>
        <Button loading={resolve.isPending} onClick={() => resolve.mutate()}>
          Resolve
        </Button>
      </Group>
    </Modal>
  );
}
