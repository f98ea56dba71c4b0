import { Button, Group, Modal, Radio, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { answered, api } from '../../api/client';
import { CopyButton } from '../../parts/copy-button';
import { Instant } from '../../parts/instant';
import { Trouble } from '../../parts/trouble';
import { invitationLink } from '../../session/join';
import { ROLES, roleWords, type Role } from './roles';

/** Invites somebody to an account, and shows the link to hand on this once. */
export function InvitationForm({
  account,
  onClose,
}: {
  readonly account: string;
  readonly onClose: () => void;
}): ReactNode {
  const queries = useQueryClient();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const invite = useMutation({
    mutationFn: () => {
      const params = { path: { id: account } };
      return answered(api.POST('/accounts/{id}/invitations', { params, body: { email, role } }));
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['invitations', account] });
      await queries.invalidateQueries({ queryKey: ['audit'] });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    invite.mutate();
  };
  if (invite.data !== undefined) {
    const link = invitationLink(invite.data.token);
    return (
      <Modal opened onClose={onClose} title={`${email} is invited`}>
        <p role="status">
          Hand this link on yourself: Signalbox sends no mail, and shows it this once. It can be used once,
          and ends <Instant at={invite.data.expires_at} />.
        </p>
        <pre className="code">{link}</pre>
        <Group justify="flex-end" mt="md">
          <CopyButton text={link} label="Copy the link" />
          <Button onClick={onClose}>I have it</Button>
        </Group>
      </Modal>
    );
  }
  return (
    <Modal opened onClose={onClose} title={`Invite somebody to ${account}`}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label="E-mail address"
            type="email"
            required
            data-autofocus
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <Radio.Group label="They may" value={role} onChange={(value) => setRole(value)}>
            <Stack gap="xs" mt="xs">
              {ROLES.map((one) => (
                <Radio key={one} value={one} label={`As ${roleWords(one).name}: ${roleWords(one).may}`} />
              ))}
            </Stack>
          </Radio.Group>
          {invite.error !== null && <Trouble error={invite.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Leave it
            </Button>
            <Button type="submit" loading={invite.isPending}>
              Invite
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
