import { Button, Group, Modal } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { answered, api } from '../../api/client';
import { Trouble } from '../../parts/trouble';

/** Counts first, and sends again only when that was seen. */
export function ReplayManyDialog({
  account,
  destination,
  onClose,
}: {
  /** Undefined for all that one may see. */
  readonly account: string | undefined;
  readonly destination: string | undefined;
  readonly onClose: () => void;
}): ReactNode {
  const which = { status: 'dead' as const, account_id: account, destination };
  const queries = useQueryClient();
  const counted = useQuery({
    queryKey: ['replay-count', account, destination],
    queryFn: () => answered(api.POST('/deliveries/replay', { body: { ...which, dry_run: true } })),
    staleTime: 0,
    gcTime: 0,
  });
  const replay = useMutation({
    mutationFn: () => answered(api.POST('/deliveries/replay', { body: which })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['deliveries'] }),
  });
  const count = counted.data?.replayed;
  return (
    <Modal opened onClose={onClose} title={`Replay everything that is dead${ofWhom(account, destination)}?`}>
      {replay.data === undefined ? (
        <p role="status">
          {count === undefined
            ? 'Counting …'
            : `${count} ${count === 1 ? 'delivery is' : 'deliveries are'} sent again, at the end of the order of its event. ` +
              'Of several that died for one event and destination, the newest. An event that is over by now gets its all-clear right after.'}
        </p>
      ) : (
        <p role="status">{replay.data.replayed} sent again.</p>
      )}
      {counted.error !== null && <Trouble error={counted.error} />}
      {replay.error !== null && <Trouble error={replay.error} />}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        {replay.data === undefined && (
          <Button
            disabled={count === undefined || count === 0}
            loading={replay.isPending}
            onClick={() => replay.mutate()}
          >
            Replay {count ?? ''}
          </Button>
        )}
      </Group>
    </Modal>
  );
}

function ofWhom(account: string | undefined, destination: string | undefined): string {
  const parts = [
    ...(account === undefined ? [] : [`of ${account}`]),
    ...(destination === undefined ? [] : [`to ${destination}`]),
  ];
  return parts.length === 0 ? '' : ` ${parts.join(', ')}`;
}
