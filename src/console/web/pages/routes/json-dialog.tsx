import { Button, Group, Modal, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { ListedRoute } from '../../api/types';
import { Trouble } from '../../parts/trouble';
import { checkRoutes } from './routes-api';
import { listed, rulesOf, type Rule } from './rule';

/** All rules as one document, for whatever the forms do not do. The service checks it before it becomes the draft. */
export function JsonDialog({
  account,
  rules,
  onDone,
  onClose,
}: {
  readonly account: string;
  readonly rules: readonly Rule[];
  readonly onDone: (rules: readonly Rule[]) => void;
  readonly onClose: () => void;
}): ReactNode {
  const [text, setText] = useState(() => JSON.stringify({ routes: rules.map(listed) }, null, 2));
  const check = useMutation({
    mutationFn: async () => {
      const routes = routesIn(text);
      // Sent as written: what is read of it here has been found well before.
      await checkRoutes(account, routes.map(asWritten));
      return rulesOf(routes.map((route) => withKnownId(route, routes, rules)));
    },
    onSuccess: onDone,
  });
  return (
    <Modal opened onClose={onClose} size="xl" title="All rules as JSON">
      <Textarea
        label="The document, as PUT /routes takes it"
        description="Order counts. A rule without an id is a new one, unless its name is that of a rule there is."
        autosize
        minRows={8}
        maxRows={26}
        spellCheck={false}
        classNames={{ input: 'mono' }}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {check.error !== null && <Trouble error={check.error} />}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          Leave it
        </Button>
        <Button loading={check.isPending} onClick={() => check.mutate()}>
          Check, and put into the draft
        </Button>
      </Group>
    </Modal>
  );
}

/** The list in a document: alone, or as its field `routes`. */
function routesIn(text: string): readonly ListedRoute[] {
  const document = parsed(text);
  const list = Array.isArray(document)
    ? document
    : (document as { readonly routes?: unknown } | null)?.routes;
  const isList = Array.isArray(list) && list.every((one) => typeof one === 'object' && one !== null);
  if (!isList) throw new Error('The document must be {"routes":[…]}, or a list of routes.');
  return list as readonly ListedRoute[];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`This is not JSON: ${cause instanceof Error ? cause.message : 'it cannot be read'}.`, {
      cause,
    });
  }
}

/** As the service does it: a route without an id that is called as one there is, is that one. */
function withKnownId(
  route: ListedRoute,
  routes: readonly ListedRoute[],
  known: readonly Rule[],
): ListedRoute {
  if (route.id !== undefined) return route;
  const isTaken = (key: string): boolean => routes.some(({ id }) => id === key);
  const namesake = known.find((rule) => !rule.isNew && rule.route.name === route.name && !isTaken(rule.key));
  return namesake === undefined ? route : { ...route, id: namesake.key };
}

function asWritten(route: ListedRoute): Rule {
  return { key: '', isNew: true, route: route as Rule['route'] };
}
