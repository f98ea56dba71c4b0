import { Button, Loader } from '@mantine/core';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import type { DifferentPage, Preview } from '../../api/types';
import { durationText } from '../../parts/duration';
import { Instant, useNow } from '../../parts/instant';
import { eventHref } from '../../parts/links';
import { SEVERITY_WORDS, StateMark } from '../../parts/state-mark';
import { Trouble } from '../../parts/trouble';
import type { Draft } from './draft';
import { previewDraft } from './routes-api';

/** Of the pages of a list so many are shown at first. */
const SHOWN = 10;

/** A draft that is, or was, tried on the past. */
export interface PreviewRun {
  /** While it is under way, when it began: milliseconds since 1970 UTC. */
  readonly startedAt: number | null;
  readonly result: { readonly preview: Preview; readonly days: number; readonly of: Draft } | null;
  readonly error: Error | null;
  readonly run: (draft: Draft, days: number) => void;
  readonly cancel: () => void;
}

/** Tries drafts on the past; what is left or cancelled ends in the service too. */
export function usePreview(account: string): PreviewRun {
  const [state, setState] = useState<Pick<PreviewRun, 'startedAt' | 'result' | 'error'>>({
    startedAt: null,
    result: null,
    error: null,
  });
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const run = async (draft: Draft, days: number): Promise<void> => {
    running.current?.abort();
    const own = new AbortController();
    running.current = own;
    setState({ startedAt: Date.now(), result: null, error: null });
    try {
      const preview = await previewDraft(account, draft, days, own.signal);
      if (running.current === own)
        setState({ startedAt: null, result: { preview, days, of: draft }, error: null });
    } catch (cause) {
      if (running.current !== own || own.signal.aborted) return;
      const error = cause instanceof Error ? cause : new Error('The preview failed.', { cause });
      setState({ startedAt: null, result: null, error });
    }
  };
  return {
    ...state,
    run: (draft, days) => void run(draft, days),
    cancel: () => {
      running.current?.abort();
      running.current = null;
      setState({ startedAt: null, result: null, error: null });
    },
  };
}

/** What a draft would have changed. */
export function PreviewCard({
  account,
  draft,
  preview: { startedAt, result, error, cancel },
}: {
  readonly account: string;
  readonly draft: Draft;
  readonly preview: PreviewRun;
}): ReactNode {
  if (startedAt !== null) return <UnderWay startedAt={startedAt} onCancel={cancel} />;
  if (error !== null) return <Trouble error={error} />;
  if (result === null) return null;
  const { preview, days } = result;
  const window = days === 1 ? '1 day' : `${days} days`;
  return (
    <div className="card-body stack" role="group" aria-label="Preview">
      {result.of !== draft && (
        <p className="row">
          <StateMark tone="degraded" word="Of an earlier draft" />
          The draft has been changed since. Preview it again.
        </p>
      )}
      <dl className="tiles">
        <Tile label="Pages by the rules in force" window={window} value={preview.pages.now.total} />
        <Tile label="Pages by the draft" window={window} value={preview.pages.draft.total} />
        <Tile label="Pages added" window={window} value={preview.added_total} />
        <Tile label="Pages removed" window={window} value={preview.removed_total} />
      </dl>
      <ByDestination pages={preview.pages} />
      <div className="explain-parts">
        <Pages account={account} title="Pages added" pages={preview.added} total={preview.added_total} />
        <Pages
          account={account}
          title="Pages removed"
          pages={preview.removed}
          total={preview.removed_total}
        />
      </div>
      <p className="quiet small">
        {preview.events.toLocaleString('en')} events of the last {window} went through both in{' '}
        {durationText(preview.took_ms)}, as if each page had arrived at once. Left out: mutes, reminders and
        fallbacks; a rule in shadow pages nobody.
      </p>
    </div>
  );
}

function UnderWay({
  startedAt,
  onCancel,
}: {
  readonly startedAt: number;
  readonly onCancel: () => void;
}): ReactNode {
  const seconds = Math.max(0, Math.floor((useNow() - startedAt) / 1_000));
  return (
    <div className="card-body row">
      <Loader size="xs" />
      <span role="status">The past goes through the rules in force and through the draft …</span>
      <span className="quiet number">{seconds} s; a million events take about 10 s</span>
      <Button size="compact-sm" variant="default" onClick={onCancel}>
        Cancel
      </Button>
    </div>
  );
}

function Tile({
  label,
  window,
  value,
}: {
  readonly label: string;
  readonly window: string;
  readonly value: number;
}): ReactNode {
  return (
    <div className="card tile">
      <dt>{label}</dt>
      <dd>{value.toLocaleString('en')}</dd>
      <dd className="tile-note">in {window}</dd>
    </div>
  );
}

function ByDestination({ pages: { now, draft } }: { readonly pages: Preview['pages'] }): ReactNode {
  const names = [...new Set([...Object.keys(now.by_destination), ...Object.keys(draft.by_destination)])];
  if (names.length === 0) return null;
  return (
    <table className="list">
      <thead>
        <tr>
          <th scope="col">Destination</th>
          <th scope="col">Pages by the rules in force</th>
          <th scope="col">By the draft</th>
        </tr>
      </thead>
      <tbody>
        {names.sort().map((name) => (
          <tr key={name}>
            <td>
              <bdi>{name}</bdi>
            </td>
            <td data-label="In force" className="number">
              {(now.by_destination[name] ?? 0).toLocaleString('en')}
            </td>
            <td data-label="Draft" className="number">
              {(draft.by_destination[name] ?? 0).toLocaleString('en')}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Pages({
  account,
  title,
  pages,
  total,
}: {
  readonly account: string;
  readonly title: string;
  readonly pages: readonly DifferentPage[];
  readonly total: number;
}): ReactNode {
  const [isAll, setIsAll] = useState(false);
  const shown = isAll ? pages : pages.slice(0, SHOWN);
  return (
    <div>
      <h3>{title}</h3>
      {pages.length === 0 && <p>None.</p>}
      <ul className="explain-list">
        {shown.map(({ event_id, destination, at, severity, service, summary }) => (
          <li key={`${event_id} ${destination} ${at}`}>
            <div className="explain-line">
              {severity !== null && <StateMark {...SEVERITY_WORDS[severity]} isSoft />}
              <Link href={eventHref({ account_id: account, event_id })}>
                <bdi>{(summary ?? event_id).slice(0, 200)}</bdi>
              </Link>
            </div>
            <div className="quiet small">
              {service !== null && (
                <>
                  <bdi>{service.slice(0, 100)}</bdi> ·{' '}
                </>
              )}
              to <bdi>{destination}</bdi> · <Instant at={at} />
            </div>
          </li>
        ))}
      </ul>
      {pages.length > shown.length && (
        <Button size="compact-sm" variant="default" mt="xs" onClick={() => setIsAll(true)}>
          Show {pages.length}
        </Button>
      )}
      {shown.length === pages.length && total > pages.length && (
        <p className="quiet small">
          The first {pages.length} of {total.toLocaleString('en')}.
        </p>
      )}
    </div>
  );
}
