import { Button, Checkbox, Group, Modal, Stack, Switch, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { answered, api } from '../../api/client';
import type { PublicPage } from '../../api/types';
import { Trouble } from '../../parts/trouble';
import { bodyOf, draftOf, type Draft, type DraftService } from './public-page-draft';

/** Makes the public page of an account, or changes it. */
export function PublicPageForm({
  account,
  page,
  services,
  onClose,
}: {
  readonly account: string;
  readonly page: PublicPage | null;
  /** Names of the services that there are to choose from. */
  readonly services: readonly string[];
  readonly onClose: () => void;
}): ReactNode {
  const [draft, setDraft] = useState(() => draftOf(page, account, services));
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: () =>
      answered(
        api.PUT('/accounts/{id}/public-page', { params: { path: { id: account } }, body: bodyOf(draft) }),
      ),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['public-page', account] });
      onClose();
    },
  });
  const put = (fields: Partial<Draft>): void => setDraft((before) => ({ ...before, ...fields }));
  const putService = (changed: DraftService): void =>
    put({ services: draft.services.map((one) => (one.service === changed.service ? changed : one)) });
  const shown = draft.services.filter(({ isShown }) => isShown).length;
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={page === null ? 'Make a public status page' : 'Change the public status page'}
    >
      <form
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack gap="sm">
          <TextInput
            label="Title"
            required
            maxLength={80}
            data-autofocus
            value={draft.title}
            onChange={(event) => put({ title: event.currentTarget.value })}
          />
          <TextInput
            label="Address"
            description={`${location.origin}/status/${draft.slug}`}
            required
            maxLength={63}
            pattern="[a-z0-9]([a-z0-9\-]*[a-z0-9])?"
            title="Small letters, digits and hyphens"
            value={draft.slug}
            onChange={(event) => put({ slug: event.currentTarget.value })}
          />
          <ServiceChoice services={draft.services} onChange={putService} />
          <Switch
            label="Tell the summary of each incident"
            description="As it is stored, word for word; of a monitor, its name. Without it everybody sees the service, how bad it was, and when."
            checked={draft.show_summaries}
            onChange={(event) => put({ show_summaries: event.currentTarget.checked })}
          />
          <Switch
            label="Everybody may see the page"
            description="Whoever reaches this address, without signing in"
            checked={draft.enabled}
            onChange={(event) => put({ enabled: event.currentTarget.checked })}
          />
          {save.error !== null && <Trouble error={save.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Leave it
            </Button>
            <Button type="submit" loading={save.isPending} disabled={shown === 0}>
              {draft.enabled ? 'Save and show' : 'Save, shown to nobody'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function ServiceChoice({
  services,
  onChange,
}: {
  readonly services: readonly DraftService[];
  readonly onChange: (changed: DraftService) => void;
}): ReactNode {
  return (
    <fieldset className="public-services">
      <legend>Services to show, and what everybody calls them</legend>
      {services.length === 0 && (
        <p className="quiet">
          Nothing is known of any service yet. Add a monitor first, or post an event that names one.
        </p>
      )}
      <ul>
        {services.map((one) => (
          <li key={one.service}>
            <Checkbox
              label={<bdi>{one.service}</bdi>}
              checked={one.isShown}
              onChange={(event) => onChange({ ...one, isShown: event.currentTarget.checked })}
            />
            {one.isShown && (
              <TextInput
                size="xs"
                maxLength={80}
                aria-label={`Public name of ${one.service}`}
                value={one.name}
                onChange={(event) => onChange({ ...one, name: event.currentTarget.value })}
              />
            )}
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
