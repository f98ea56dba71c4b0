import { Button, Checkbox, Group, Modal, Select, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { answered, api } from '../../api/client';
import type { ApiKey } from '../../api/types';
import { CopyButton } from '../../parts/copy-button';
import { Trouble } from '../../parts/trouble';
import { useIdentity } from '../../session/session';

type Scope = ApiKey['scopes'][number];

/** What a key may do, in the words of the console. */
export const RIGHTS: Readonly<Record<Scope, { readonly short: string; readonly long: string }>> = {
  ingest: { short: 'send', long: 'Send events of this account' },
  read: { short: 'read', long: 'Read what is this account’s' },
  admin: { short: 'do everything', long: 'Do everything, for all accounts, as ADMIN_TOKEN may' },
};

const DAY_MS = 86_400_000;
const LIVES = [
  { value: '', label: 'Until it is revoked' },
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: '365 days' },
] as const;
type Life = (typeof LIVES)[number]['value'];

/** Makes a key, and shows it this once. */
export function KeyForm({
  account,
  onClose,
}: {
  readonly account: string;
  readonly onClose: () => void;
}): ReactNode {
  const { isOperator } = useIdentity();
  const queries = useQueryClient();
  const [scopes, setScopes] = useState<string[]>(['ingest']);
  const [days, setDays] = useState<Life>('');
  const make = useMutation({
    mutationFn: () => {
      const expires_at =
        days === '' ? {} : { expires_at: new Date(Date.now() + Number(days) * DAY_MS).toISOString() };
      const body = { scopes: scopes as Scope[], ...expires_at };
      return answered(api.POST('/accounts/{id}/keys', { params: { path: { id: account } }, body }));
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['keys', account] });
      await queries.invalidateQueries({ queryKey: ['audit'] });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    make.mutate();
  };
  if (make.data !== undefined) return <Made apiKey={make.data.key} onClose={onClose} />;
  return (
    <Modal opened onClose={onClose} title={`Make a key for ${account}`}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Checkbox.Group label="It may" value={scopes} onChange={setScopes}>
            <Stack gap="xs" mt="xs">
              {(['ingest', 'read', ...(isOperator ? (['admin'] as const) : [])] as const).map((scope) => (
                <Checkbox key={scope} value={scope} label={RIGHTS[scope].long} />
              ))}
            </Stack>
          </Checkbox.Group>
          <Select
            label="It holds"
            allowDeselect={false}
            value={days}
            onChange={(value) => setDays(value ?? '')}
            data={LIVES}
          />
          {make.error !== null && <Trouble error={make.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Leave it
            </Button>
            <Button type="submit" loading={make.isPending} disabled={scopes.length === 0}>
              Make it
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function Made({ apiKey, onClose }: { readonly apiKey: string; readonly onClose: () => void }): ReactNode {
  return (
    <Modal opened onClose={onClose} title="The key is made">
      <p role="status">This is the only time that it is shown. Whoever has it may do what it may.</p>
      <pre className="code">{apiKey}</pre>
      <Group justify="flex-end" mt="md">
        <CopyButton text={apiKey} label="Copy" />
        <Button onClick={onClose}>I have it</Button>
      </Group>
    </Modal>
  );
}
