import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { answered, api } from '../../api/client';
import { AskDialog } from '../../parts/ask-dialog';

/** Asks before an account is deleted, and says what that does. */
export function DeleteAccountDialog({
  id,
  onClose,
}: {
  readonly id: string;
  readonly onClose: () => void;
}): ReactNode {
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  return (
    <AskDialog
      title={`Delete the account ${id}?`}
      leave="Keep it"
      doIt={`Delete ${id}`}
      onClose={onClose}
      onDo={async () => {
        await answered(api.DELETE('/accounts/{id}', { params: { path: { id } } }));
        await queries.invalidateQueries({ queryKey: ['accounts'] });
        navigate('/console/accounts');
      }}
    >
      <p>
        Its keys are revoked, its people lose their roles, and what is posted for it is refused, within 20
        seconds everywhere. What is stored of it goes with its age. There is no way back.
      </p>
    </AskDialog>
  );
}
