import { Button, Group, Modal, NumberInput, Stack, Switch, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import type { RouteList } from '../../api/types';
import { Trouble } from '../../parts/trouble';
import { MatchFields } from './match-fields';
import { checkRoutes } from './routes-api';
import { PLAIN_ROUTE, type RouteFields, type Rule } from './rule';
import { TellingFields } from './telling-fields';

/** Adds a rule to the draft, or changes one there; the service says before whether it would take it. */
export function RouteForm({
  account,
  rule,
  rules,
  last,
  onDone,
  onClose,
}: {
  readonly account: string;
  /** The one to change; null to add one. */
  readonly rule: Rule | null;
  readonly rules: readonly Rule[];
  readonly last: RouteList['default'];
  readonly onDone: (rule: Rule, place: number) => void;
  readonly onClose: () => void;
}): ReactNode {
  const places = rule === null ? rules.length + 1 : rules.length;
  const [route, setRoute] = useState<RouteFields>(rule?.route ?? PLAIN_ROUTE);
  const [place, setPlace] = useState(() =>
    rule === null ? places : rules.findIndex(({ key }) => key === rule.key) + 1,
  );
  const check = useMutation({
    mutationFn: async () => {
      const edited: Rule = {
        key: rule?.key ?? `new-${crypto.randomUUID()}`,
        isNew: rule?.isNew ?? true,
        route,
      };
      const others = rules.filter(({ key }) => key !== rule?.key);
      await checkRoutes(account, others.toSpliced(place - 1, 0, edited));
      return edited;
    },
    onSuccess: (edited) => onDone(edited, place - 1),
  });
  const put = (fields: Partial<RouteFields>): void => setRoute((before) => ({ ...before, ...fields }));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    check.mutate();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={rule === null ? 'Add a rule' : `Edit ${rule.route.name}`}
    >
      <form onSubmit={submit}>
        <Stack gap="sm">
          <div className="rule-fields">
            <TextInput
              label="Name"
              required
              maxLength={64}
              data-autofocus
              value={route.name}
              onChange={(event) => put({ name: event.currentTarget.value })}
            />
            <NumberInput
              label={`Place, 1 to ${places}`}
              min={1}
              max={places}
              allowDecimal={false}
              value={place}
              onChange={(value) => setPlace(Math.min(places, Math.max(1, Number(value) || 1)))}
            />
          </div>
          <MatchFields match={route.match} onChange={(match) => put({ match })} />
          <TellingFields route={route} last={last} account={account} onChange={put} />
          <Switch
            label="Then ask the rules behind it too"
            description="Without it the walk ends here"
            checked={route.continue}
            onChange={(event) => put({ continue: event.currentTarget.checked })}
          />
          <Switch
            label="Shadow: only try it out"
            description="What it would send is only noted, among the skipped deliveries"
            checked={route.shadow}
            onChange={(event) => put({ shadow: event.currentTarget.checked })}
          />
          <NumberInput
            label="Percent of events it is for"
            description="The same events each time; for the others it is as if it did not match"
            min={0}
            max={100}
            suffix=" %"
            allowDecimal={false}
            value={route.percent}
            onChange={(value) => put({ percent: value === '' ? 100 : Number(value) })}
          />
          <Switch
            label="On"
            description="A rule that is off is passed by"
            checked={route.enabled}
            onChange={(event) => put({ enabled: event.currentTarget.checked })}
          />
          {check.error !== null && <Trouble error={check.error} />}
          <Group justify="flex-end">
            <span className="quiet small rule-note">Nothing is saved yet: it goes into a draft.</span>
            <Button variant="default" onClick={onClose}>
              Leave it
            </Button>
            <Button type="submit" loading={check.isPending}>
              Put into the draft
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
