import { Button, Group, Modal, Select } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import { StateMark } from '../../parts/state-mark';
import { changedByBoth, changesOf, isReordered, rebased, type Draft } from './draft';
import { PreviewCard, usePreview } from './preview-card';
import { listText } from './route-words';
import { SaveDialog } from './save-dialog';

const DAYS = [1, 7, 14, 30] as const;

/** What has been edited and not saved: it can be tried on the past, saved, or thrown away. */
export function DraftBar({
  account,
  draft,
  inForce,
  maySave,
  onPut,
}: {
  readonly account: string;
  readonly draft: Draft;
  readonly inForce: Pick<Draft, 'version' | 'base'>;
  readonly maySave: boolean;
  readonly onPut: (draft: Draft | null) => void;
}): ReactNode {
  const [days, setDays] = useState<number>(7);
  const [dialog, setDialog] = useState<'save' | 'discard' | null>(null);
  const preview = usePreview(account);
  // Loaded anew, the page knows of no draft any more: the browser asks first.
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, []);
  const isOvertaken = inForce.version !== draft.version;
  const both = isOvertaken ? changedByBoth(draft, inForce.base) : [];
  return (
    <section className="card draft" aria-label="Draft">
      <div className="card-head">
        <h2>A draft, not saved</h2>
        <span className="small" role="status">
          <bdi>{summaryText(draft)}</bdi>
        </span>
      </div>
      {isOvertaken && (
        <div className="card-body" role="alert">
          <p className="row">
            <StateMark tone="degraded" word="Changed meanwhile" />
            Somebody has saved other rules since this draft was begun: version {inForce.version}, the draft is
            of {draft.version}.
          </p>
          {both.length > 0 && (
            <p>Both changed {listText(both, 'and')}: on top, the draft has its way there.</p>
          )}
          <Button size="compact-sm" variant="default" onClick={() => onPut(rebased(draft, inForce))}>
            Put my changes on top of theirs
          </Button>
        </div>
      )}
      <div className="card-body draft-acts">
        <Select
          size="xs"
          label="Try it on the events of the last"
          allowDeselect={false}
          value={String(days)}
          onChange={(value) => setDays(Number(value))}
          data={DAYS.map((count) => ({
            value: String(count),
            label: count === 1 ? '1 day' : `${count} days`,
          }))}
        />
        <Button
          size="xs"
          variant="default"
          loading={preview.startedAt !== null}
          onClick={() => preview.run(draft, days)}
        >
          Preview
        </Button>
        <span className="draft-end row">
          <Button size="xs" variant="default" onClick={() => setDialog('discard')}>
            Throw it away
          </Button>
          {maySave && (
            <Button size="xs" disabled={isOvertaken} onClick={() => setDialog('save')}>
              Save …
            </Button>
          )}
        </span>
      </div>
      {!maySave && <p className="card-body quiet small">An admin of the account can save it.</p>}
      <PreviewCard account={account} draft={draft} preview={preview} />
      {dialog === 'discard' && (
        <Modal opened onClose={() => setDialog(null)} title="Throw the draft away?">
          <p>What was edited is lost. The rules in force stay as they are.</p>
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setDialog(null)}>
              Keep it
            </Button>
            <Button color="red" onClick={() => onPut(null)}>
              Throw the draft away
            </Button>
          </Group>
        </Modal>
      )}
      {dialog === 'save' && (
        <SaveDialog
          account={account}
          draft={draft}
          onSaved={() => onPut(null)}
          onClose={() => setDialog(null)}
        />
      )}
    </section>
  );
}

function summaryText(draft: Draft): string {
  const parts = changesOf(draft).map(({ what, name }) => `“${name}” ${what}`);
  const shown = parts.slice(0, 4);
  const more = parts.length > shown.length ? [`${parts.length - shown.length} more`] : [];
  return [...shown, ...more, ...(isReordered(draft) ? ['order changed'] : [])].join(' · ');
}
