import { Button, Group, Modal } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Trouble } from './trouble';

/** Asks before something is done that cannot simply be undone. What will happen is said in its children. */
export function AskDialog({
  title,
  children,
  leave,
  doIt,
  onDo,
  onClose,
  isDestructive = true,
}: {
  readonly title: ReactNode;
  readonly children: ReactNode;
  /** The words of the two buttons. */
  readonly leave: string;
  readonly doIt: string;
  readonly onDo: () => Promise<unknown>;
  readonly onClose: () => void;
  readonly isDestructive?: boolean;
}): ReactNode {
  const act = useMutation({ mutationFn: onDo, onSuccess: onClose });
  return (
    <Modal opened onClose={onClose} title={title}>
      {children}
      {act.error !== null && <Trouble error={act.error} />}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          {leave}
        </Button>
        <Button
          {...(isDestructive ? { color: 'red' } : {})}
          loading={act.isPending}
          onClick={() => act.mutate()}
        >
          {doIt}
        </Button>
      </Group>
    </Modal>
  );
}
