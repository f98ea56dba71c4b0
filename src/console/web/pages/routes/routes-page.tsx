import './routes.css';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { RouteList } from '../../api/types';
import { useAccount } from '../../layout/account-choice';
import { useRefetchInterval } from '../../live/live';
import { Icon } from '../../parts/icon';
import { PageHead } from '../../parts/page-head';
import { Trouble } from '../../parts/trouble';
import { WaitingRows } from '../../parts/waiting';
import { useIdentity } from '../../session/session';
import { withMoved, withoutRule, withRule, type Draft } from './draft';
import { DraftBar } from './draft-bar';
import { ExplainCard } from './explain-card';
import { useExplanation } from './explanation';
import { JsonDialog } from './json-dialog';
import { MuteDialog } from './mute-dialog';
import { RouteForm } from './route-form';
import { readRoutes } from './routes-api';
import { rulesOf, type Rule } from './rule';
import { RuleList, viewAt, type RuleView } from './rule-list';
import { ruleId } from './rule-row';
import { useDraft } from './use-draft';

type Dialog =
  | { readonly kind: 'form'; readonly rule: Rule | null }
  | { readonly kind: 'mute'; readonly rule: Rule }
  | { readonly kind: 'json' };

/** Who is told of what: the rules, why they sent an event or did not, and what others would have done. */
export function RoutesPage(): ReactNode {
  const account = useAccount() ?? 'default';
  const refetchInterval = useRefetchInterval();
  const { data, error, refetch } = useQuery({
    queryKey: ['routes', account],
    queryFn: ({ signal }) => readRoutes(account, signal),
    refetchInterval,
  });
  return (
    <div className="stack">
      {data === undefined && (
        <>
          <PageHead title="Routes">Who is told of what, in the account {account}.</PageHead>
          <section className="card" aria-label="Rules">
            {error === null ? (
              <WaitingRows rows={6} height={96} />
            ) : (
              <Trouble error={error} onRetry={() => void refetch()} />
            )}
          </section>
        </>
      )}
      {data !== undefined && <AccountRoutes key={account} account={account} list={data} />}
    </div>
  );
}

function AccountRoutes({ account, list }: { readonly account: string; readonly list: RouteList }): ReactNode {
  const { role } = useIdentity();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const [view, setView] = useState<RuleView>(viewAt(0));
  const { draft, put } = useDraft(account);
  const inForce = rulesOf(list.routes);
  const edited: Draft = draft ?? { version: list.version, base: inForce, rules: inForce };
  const explained = useExplanation(account, draft?.rules ?? null, list.version);
  const isEditor = role !== 'viewer';
  const close = (): void => setDialog(null);
  const showRule = (name: string): void => {
    const place = edited.rules.findIndex(({ route }) => route.name === name);
    // The built-in one stands behind all others.
    setView(viewAt(place < 0 ? edited.rules.length - 1 : place));
    requestAnimationFrame(() => {
      const row = document.getElementById(ruleId(name));
      row?.scrollIntoView({ block: 'center' });
      row?.focus({ preventScroll: true });
    });
  };
  return (
    <>
      <PageHead
        title="Routes"
        actions={
          isEditor && (
            <>
              <Button size="compact-sm" variant="default" onClick={() => setDialog({ kind: 'json' })}>
                Edit all as JSON
              </Button>
              <Button
                size="compact-sm"
                leftSection={<Icon name="plus" size={14} />}
                onClick={() => setDialog({ kind: 'form', rule: null })}
              >
                Add a rule
              </Button>
            </>
          )
        }
      >
        Who is told of what, in the account {account}. The first rule that an event meets decides.
        {role === 'viewer' && ' Admins of the account can change them.'}
      </PageHead>
      <ExplainCard
        account={account}
        explained={explained}
        rules={edited.rules}
        isDraft={draft !== null}
        onShow={showRule}
      />
      {draft !== null && (
        <DraftBar
          account={account}
          draft={draft}
          inForce={{ version: list.version, base: inForce }}
          maySave={role === 'admin'}
          onPut={put}
        />
      )}
      <RuleList
        account={account}
        draft={edited}
        last={list.default}
        explanation={explained.explanation}
        view={view}
        onView={setView}
        editing={
          isEditor
            ? {
                mayMute: role === 'admin',
                onEdit: (rule) => setDialog({ kind: 'form', rule }),
                onMute: (rule) => setDialog({ kind: 'mute', rule }),
                onMove: (rule, place) => put(withMoved(edited, rule.key, place)),
                onDelete: (rule) => put(withoutRule(edited, rule.key)),
              }
            : null
        }
      />
      {dialog?.kind === 'form' && (
        <RouteForm
          account={account}
          rule={dialog.rule}
          rules={edited.rules}
          last={list.default}
          onDone={(rule, place) => {
            put(withMoved(withRule(edited, rule), rule.key, place));
            close();
          }}
          onClose={close}
        />
      )}
      {dialog?.kind === 'mute' && (
        <MuteDialog account={account} rule={dialog.rule} draft={draft} onPut={put} onClose={close} />
      )}
      {dialog?.kind === 'json' && (
        <JsonDialog
          account={account}
          rules={edited.rules}
          onDone={(rules) => {
            put({ ...edited, rules });
            close();
          }}
          onClose={close}
        />
      )}
    </>
  );
}
