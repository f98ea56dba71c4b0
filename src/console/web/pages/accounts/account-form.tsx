import { Button, Group, Modal, NumberInput, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import { answered, api } from '../../api/client';
import type { Account } from '../../api/types';
import { Trouble } from '../../parts/trouble';

const MOST_EVENTS = 1_000_000_000;

/** What a limit is in the form: empty for the default. */
type Limit = number | '';

/** Adds an account, or changes the name and limits of one. Limits are for operators to set. */
export function AccountForm({
  account,
  id: givenId = '',
  mayLimit,
  onClose,
}: {
  /** The one to change; none to add one. */
  readonly account?: Account;
  /** Of the one to add, where that is known. */
  readonly id?: string;
  readonly mayLimit: boolean;
  readonly onClose: () => void;
}): ReactNode {
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const [id, setId] = useState(givenId);
  const [name, setName] = useState(account?.name ?? givenId);
  const [perMinute, setPerMinute] = useState<Limit>(account?.limits.events_per_minute ?? '');
  const [burst, setBurst] = useState<Limit>(account?.limits.burst ?? '');
  const save = useMutation({
    mutationFn: () => {
      const limits = { events_per_minute: limitOf(perMinute), burst: limitOf(burst) };
      const body = { name, ...(mayLimit ? { limits } : {}) };
      return account === undefined
        ? answered(api.POST('/accounts', { body: { id, ...body } }))
        : answered(api.PATCH('/accounts/{id}', { params: { path: { id: account.id } }, body }));
    },
    onSuccess: async (saved) => {
      await queries.invalidateQueries({ queryKey: ['accounts'] });
      await queries.invalidateQueries({ queryKey: ['account', saved.id] });
      await queries.invalidateQueries({ queryKey: ['audit'] });
      onClose();
      if (account === undefined) navigate(`/console/accounts?account=${saved.id}`);
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={account === undefined ? 'Add an account' : `Change the account ${account.id}`}
    >
      <form onSubmit={submit}>
        <Stack gap="sm">
          {account === undefined && (
            <TextInput
              label="Id"
              description="Letters, digits, dots, dashes and underscores. It cannot be changed later."
              required
              maxLength={64}
              pattern="[A-Za-z0-9][A-Za-z0-9._\-]{0,63}"
              data-autofocus
              value={id}
              onChange={(event) => setId(event.currentTarget.value)}
            />
          )}
          <TextInput
            label="Name"
            required
            maxLength={200}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {mayLimit && (
            <>
              <NumberInput
                label="Events per minute"
                description="What it may post in the long run. Events above that are refused with 429 and tried again by their sender. Empty: the default of this service."
                placeholder="The default"
                min={1}
                max={MOST_EVENTS}
                allowDecimal={false}
                thousandSeparator=","
                value={perMinute}
                onChange={(value) => setPerMinute(value === '' ? '' : Number(value))}
              />
              <NumberInput
                label="Events at once, after a pause"
                description="So many it may post in one go when it was quiet before. Empty: the default of this service."
                placeholder="The default"
                min={1}
                max={MOST_EVENTS}
                allowDecimal={false}
                thousandSeparator=","
                value={burst}
                onChange={(value) => setBurst(value === '' ? '' : Number(value))}
              />
            </>
          )}
          {save.error !== null && <Trouble error={save.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Leave it
            </Button>
            <Button type="submit" loading={save.isPending}>
              {account === undefined ? 'Add' : 'Save'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function limitOf(limit: Limit): number | null {
  return limit === '' ? null : limit;
}
