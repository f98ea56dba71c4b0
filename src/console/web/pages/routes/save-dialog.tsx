import { Button, Group, Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Problem } from '../../api/problem';
import { Trouble } from '../../parts/trouble';
import { changesOf, isReordered, type Draft, type RuleChange } from './draft';
import { differencesOf } from './rule-differences';
import { saveDraft } from './routes-api';
import { Sentence } from '../../parts/sentence';

const MOST_NAMED = 20;

/** Says what saving will do, and does it. */
export function SaveDialog({
  account,
  draft,
  onSaved,
  onClose,
}: {
  readonly account: string;
  readonly draft: Draft;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}): ReactNode {
  const queries = useQueryClient();
  const reread = (): Promise<void> => queries.invalidateQueries({ queryKey: ['routes', account] });
  const save = useMutation({
    mutationFn: () => saveDraft(account, draft),
    onSuccess: (list) => {
      queries.setQueryData(['routes', account], list);
      onSaved();
      void reread();
    },
    // The page behind tells what others did, and offers to put the draft on top.
    onError: (error) => (isOvertaken(error) ? reread() : undefined),
  });
  const changes = changesOf(draft);
  const isDeleting = changes.some(({ what }) => what === 'deleted');
  return (
    <Modal opened onClose={onClose} size="lg" title="Save these rules?">
      <p>
        They hold at once, for everything that the account {account} is sent from now on, and for pages that
        wait. {isDeleting && 'What was opened because of a deleted rule is closed all the same. '}
        The audit log notes it under your name.
      </p>
      <ul className="explain-list">
        {changes.slice(0, MOST_NAMED).map((change) => (
          <Change key={change.key} change={change} />
        ))}
        {changes.length > MOST_NAMED && <li>and {changes.length - MOST_NAMED} more rules</li>}
        {isReordered(draft) && (
          <li>
            <b>Order</b>: <bdi>{orderText(draft)}</bdi>
          </li>
        )}
      </ul>
      {save.error !== null && <Trouble error={save.error} />}
      {save.error !== null && isOvertaken(save.error) && (
        <p>Nothing was saved. Go back to the draft: it says what to do about the others’ changes.</p>
      )}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          Back to the draft
        </Button>
        <Button loading={save.isPending} onClick={() => save.mutate()}>
          Save the rules
        </Button>
      </Group>
    </Modal>
  );
}

function Change({ change }: { readonly change: RuleChange }): ReactNode {
  return (
    <li>
      <b>
        <bdi>{change.name}</bdi>
      </b>{' '}
      is {change.what}
      <dl className="difference">
        {differencesOf(change).map(({ field, before, after }) => (
          <div key={field} className="rule-difference">
            <dt>{field}</dt>
            <dd>
              {before !== null && (
                <del>
                  <Sentence text={before} />
                </del>
              )}
              {before !== null && after !== null && ' → '}
              {after !== null && (
                <ins>
                  <Sentence text={after} />
                </ins>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </li>
  );
}

/** The first rules in their new order; there may be hundreds of them. */
function orderText({ rules }: Draft): string {
  const names = rules.slice(0, MOST_NAMED).map(({ route }) => route.name);
  const more = rules.length > MOST_NAMED ? [`and ${rules.length - MOST_NAMED} more`] : [];
  return [...names, ...more].join(', ');
}

function isOvertaken(error: Error): boolean {
  return error instanceof Problem && error.code === 'routes_changed';
}
