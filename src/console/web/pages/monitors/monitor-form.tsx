import { Button, Group, Modal, NumberInput, Select, Stack, Switch, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { answered, api } from '../../api/client';
import type { Monitor, Severity } from '../../api/types';
import { Trouble } from '../../parts/trouble';

type Type = Monitor['type'];

/** What the form holds of a monitor; everything else of one that is changed stays as it is. */
interface Draft {
  readonly type: Type;
  readonly name: string;
  readonly service: string;
  readonly url: string;
  readonly severity: Severity;
  readonly interval_s: number;
  readonly period_s: number;
  readonly contains: string;
  readonly paused: boolean;
}

/** Adds a monitor, or changes one. */
export function MonitorForm({
  account,
  monitor,
  onClose,
}: {
  readonly account: string;
  /** The one to change; none to add one. */
  readonly monitor?: Monitor;
  readonly onClose: () => void;
}): ReactNode {
  const [draft, setDraft] = useState(() => draftOf(monitor));
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: () => (monitor === undefined ? add(account, draft) : change(monitor, draft)),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['monitors'] });
      await queries.invalidateQueries({ queryKey: ['monitor'] });
      onClose();
    },
  });
  const put = (fields: Partial<Draft>): void => setDraft((before) => ({ ...before, ...fields }));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={monitor === undefined ? 'Add a monitor' : `Change ${monitor.name}`}
    >
      <form onSubmit={submit}>
        <Stack gap="sm">
          {monitor === undefined && (
            <Select
              label="It"
              allowDeselect={false}
              value={draft.type}
              onChange={(type) => put({ type: type ?? 'http' })}
              data={[
                { value: 'http', label: 'asks a URL' },
                { value: 'heartbeat', label: 'waits for a job to call in' },
              ]}
            />
          )}
          <TextInput
            label="Name"
            required
            maxLength={200}
            data-autofocus
            value={draft.name}
            onChange={(event) => put({ name: event.currentTarget.value })}
          />
          {draft.type === 'http' ? (
            <>
              <TextInput
                label="URL"
                required
                type="url"
                placeholder="https://api.example.com/health"
                value={draft.url}
                onChange={(event) => put({ url: event.currentTarget.value })}
              />
              <NumberInput
                label="Seconds from check to check"
                min={1}
                max={86_400}
                value={draft.interval_s}
                onChange={(value) => put({ interval_s: Number(value) })}
              />
              <TextInput
                label="Text that the answer must hold"
                value={draft.contains}
                onChange={(event) => put({ contains: event.currentTarget.value })}
              />
            </>
          ) : (
            <NumberInput
              label="Seconds from call to call"
              min={1}
              max={31_622_400}
              value={draft.period_s}
              onChange={(value) => put({ period_s: Number(value) })}
            />
          )}
          <TextInput
            label="Service that its incidents are about"
            placeholder="Its name"
            maxLength={200}
            value={draft.service}
            onChange={(event) => put({ service: event.currentTarget.value })}
          />
          <Select
            label="How bad it is when it is down"
            allowDeselect={false}
            value={draft.severity}
            onChange={(severity) => put({ severity: severity ?? 'critical' })}
            data={[
              { value: 'critical', label: 'Critical: pages' },
              { value: 'warning', label: 'Warning' },
              { value: 'info', label: 'Info' },
            ]}
          />
          <Switch
            label="Paused: nothing is checked, and an open incident is resolved"
            checked={draft.paused}
            onChange={(event) => put({ paused: event.currentTarget.checked })}
          />
          {save.error !== null && <Trouble error={save.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Leave it
            </Button>
            <Button type="submit" loading={save.isPending}>
              {monitor === undefined ? 'Add, and check now' : 'Save'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function draftOf(monitor: Monitor | undefined): Draft {
  return {
    type: monitor?.type ?? 'http',
    name: monitor?.name ?? '',
    service: monitor?.service ?? '',
    url: monitor?.url ?? '',
    severity: monitor?.severity ?? 'critical',
    interval_s: monitor?.interval_s ?? 60,
    period_s: monitor?.period_s ?? 86_400,
    contains: monitor?.expect?.body_contains ?? '',
    paused: monitor?.paused ?? false,
  };
}

function add(account_id: string, draft: Draft): Promise<Monitor> {
  return answered(
    api.POST('/monitors', { body: { ...bodyOf(draft), type: draft.type, account_id } as never }),
  );
}

function change({ id, account_id }: Monitor, draft: Draft): Promise<Monitor> {
  const params = { path: { id }, query: { account_id } };
  return answered(api.PATCH('/monitors/{id}', { params, body: bodyOf(draft) }));
}

function bodyOf({ type, name, service, url, severity, interval_s, period_s, contains, paused }: Draft) {
  const named = { name, severity, paused, service: service.trim() === '' ? null : service };
  if (type === 'heartbeat') return { ...named, period_s };
  return { ...named, url, interval_s, expect: { body_contains: contains === '' ? null : contains } };
}
