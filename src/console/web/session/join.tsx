import { Alert, Button, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { Mark } from '../layout/mark';
import { useSession } from './session';

const PATH = '/console/join';

/** The link that takes up an invitation. Its token is behind the #, which no server and no log gets to see. */
export function invitationLink(token: string): string {
  return `${location.origin}${PATH}#${token}`;
}

/** The invitation whose link is open; null where none is. */
export function openInvitation(): string | null {
  return location.pathname === PATH && location.hash.length > 1 ? location.hash.slice(1) : null;
}

/** Where somebody who was invited becomes one of the account's people. */
export function Join({ token }: { readonly token: string }): ReactNode {
  const session = useSession();
  const [password, setPassword] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setIsBusy(true);
    setFault(null);
    try {
      await session.acceptInvitation(token, password);
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
      setIsBusy(false);
    }
  };

  return (
    <main className="sign-in">
      <Paper withBorder p="xl" radius="lg" className="sign-in-card">
        <form onSubmit={(event) => void submit(event)}>
          <Stack gap="md">
            <div>
              <Mark />
              <Title order={1} size="h3" mt="sm">
                You are invited
              </Title>
              <Text c="dimmed" size="sm">
                Choose a password of 12 characters at least. If you have one here already, for another
                account, type that one.
              </Text>
            </div>
            {fault !== null && (
              <Alert color="red" role="alert">
                {fault}
              </Alert>
            )}
            <PasswordInput
              label="Password"
              autoComplete="new-password"
              required
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
            <Button type="submit" loading={isBusy}>
              Join
            </Button>
          </Stack>
        </form>
      </Paper>
    </main>
  );
}
