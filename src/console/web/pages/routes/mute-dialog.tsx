import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Trouble } from '../../parts/trouble';
import { useNow } from '../../parts/instant';
import { withMute, type Draft } from './draft';
import { isMuted } from './route-words';
import { muteRoute } from './routes-api';
import type { Rule } from './rule';
import { Sentence } from '../../parts/sentence';

const HOUR_MS = 3_600_000;

const SPANS = [
  { label: '30 min', ms: HOUR_MS / 2 },
  { label: '1 h', ms: HOUR_MS },
  { label: '4 h', ms: 4 * HOUR_MS },
  { label: '24 h', ms: 24 * HOUR_MS },
] as const;

/** Mutes a rule, or ends that. It holds at once, whatever else is being edited. */
export function MuteDialog({
  account,
  rule,
  draft,
  onPut,
  onClose,
}: {
  readonly account: string;
  readonly rule: Rule;
  readonly draft: Draft | null;
  readonly onPut: (draft: Draft) => void;
  readonly onClose: () => void;
}): ReactNode {
  const queries = useQueryClient();
  const now = useNow();
  const [until, setUntil] = useState('');
  const mute = useMutation({
    mutationFn: async (mute_until: string | null) => {
      const version = await muteRoute(account, rule.key, mute_until);
      if (draft !== null) onPut(withMute(draft, rule.key, mute_until, version));
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['routes', account] });
      await queries.invalidateQueries({ queryKey: ['explain'] });
      onClose();
    },
  });
  const { name, mute_until } = rule.route;
  const untilMs = Date.parse(until);
  return (
    <Modal opened onClose={onClose} title={`Mute ${name}?`}>
      <p>
        While it is muted this rule opens nothing anywhere. What is open still when the mute ends is told
        then; all-clears are sent at once as always. It holds from now on, for everybody in the account{' '}
        {account}.
      </p>
      {isMuted(rule.route, now) && (
        <p>
          <Sentence text={`It is muted until ${mute_until}.`} />{' '}
          <Button
            size="compact-sm"
            variant="default"
            loading={mute.isPending}
            onClick={() => mute.mutate(null)}
          >
            End the mute now
          </Button>
        </p>
      )}
      <Group gap="xs">
        {SPANS.map(({ label, ms }) => (
          <Button
            key={label}
            size="compact-sm"
            variant="default"
            aria-label={`Mute for ${label}`}
            disabled={mute.isPending}
            onClick={() => mute.mutate(new Date(Date.now() + ms).toISOString())}
          >
            {label}
          </Button>
        ))}
      </Group>
      <Group align="flex-end" gap="xs" mt="sm">
        <TextInput
          type="datetime-local"
          label="Or until, by your clock"
          value={until}
          onChange={(event) => setUntil(event.currentTarget.value)}
        />
        <Button
          variant="default"
          disabled={Number.isNaN(untilMs) || untilMs <= now}
          loading={mute.isPending}
          onClick={() => mute.mutate(new Date(untilMs).toISOString())}
        >
          Mute until then
        </Button>
      </Group>
      {mute.error !== null && <Trouble error={mute.error} />}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          Leave it
        </Button>
      </Group>
    </Modal>
  );
}
