import {
  Alert,
  Anchor,
  Button,
  Divider,
  Paper,
  PasswordInput,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { facts } from '../facts';
import { Mark } from '../layout/mark';
import { keepAskedPage } from './asked-page';
import { useSession } from './session';

type Way = 'person' | 'key';

/** Where people show who they are. */
export function SignIn({ reason }: { readonly reason: string | null }): ReactNode {
  const session = useSession();
  const [way, setWay] = useState<Way>('person');
  const [email, setEmail] = useState('');
  const [secret, setSecret] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setIsBusy(true);
    setFault(null);
    try {
      if (way === 'person') await session.signInWithPassword(email, secret);
      else await session.signInWithKey(secret.trim());
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
                Sign in
              </Title>
              <Text c="dimmed" size="sm">
                See what is broken, and whether the page went out.
              </Text>
            </div>
            {reason !== null && fault === null && <Alert color="blue">{reason}</Alert>}
            {fault !== null && (
              <Alert color="red" role="alert">
                {fault}
              </Alert>
            )}
            <SegmentedControl
              value={way}
              onChange={(value) => {
                setWay(value);
                setSecret('');
              }}
              data={[
                { value: 'person', label: 'Password' },
                { value: 'key', label: 'API key' },
              ]}
              aria-label="How to sign in"
            />
            {way === 'person' && (
              <TextInput
                label="E-mail address"
                type="email"
                autoComplete="username"
                required
                value={email}
                onChange={(event) => setEmail(event.currentTarget.value)}
              />
            )}
            <PasswordInput
              label={way === 'person' ? 'Password' : 'API key, or ADMIN_TOKEN'}
              description={
                way === 'key' ? 'Kept in this page only: gone when you close or reload it.' : undefined
              }
              autoComplete={way === 'person' ? 'current-password' : 'off'}
              required
              value={secret}
              onChange={(event) => setSecret(event.currentTarget.value)}
            />
            <Button type="submit" loading={isBusy}>
              Sign in
            </Button>
            {facts.oidc && (
              <>
                <Divider label="or" />
                <Anchor href="/auth/oidc" size="sm" ta="center" onClick={keepAskedPage}>
                  Continue with your company’s account
                </Anchor>
              </>
            )}
          </Stack>
        </form>
      </Paper>
    </main>
  );
}
