import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import { answered, api } from '../../api/client';
import type { Monitor } from '../../api/types';
import { AskDialog } from '../../parts/ask-dialog';
import { Instant } from '../../parts/instant';
import { hrefOf } from '../../parts/links';
import { PageHead } from '../../parts/page-head';
import { MONITOR_WORDS, StateMark } from '../../parts/state-mark';
import { Trouble } from '../../parts/trouble';
import { useIdentity } from '../../session/session';
import { MonitorForm } from './monitor-form';

/** What a monitor watches, how that is, and what can be done about it. */
export function MonitorHead({ monitor }: { readonly monitor: Monitor }): ReactNode {
  const { role } = useIdentity();
  const [dialog, setDialog] = useState<'change' | 'pause' | 'delete' | null>(null);
  const queries = useQueryClient();
  const params = { path: { id: monitor.id }, query: { account_id: monitor.account_id } };
  const done = (): Promise<void> => queries.invalidateQueries({ queryKey: ['monitor'] });
  const check = useMutation({
    mutationFn: () => answered(api.POST('/monitors/{id}/check', { params })),
    onSuccess: done,
  });
  const pause = useMutation({
    mutationFn: () => answered(api.PATCH('/monitors/{id}', { params, body: { paused: !monitor.paused } })),
    onSuccess: done,
  });
  const isOurs = monitor.origin === 'api' && role === 'admin';
  return (
    <>
      <PageHead
        title={<bdi>{monitor.name}</bdi>}
        actions={
          role !== 'viewer' && (
            <>
              {monitor.type === 'http' && !monitor.paused && (
                <Button size="compact-sm" loading={check.isPending} onClick={() => check.mutate()}>
                  Check now
                </Button>
              )}
              {isOurs && (
                <>
                  <Button
                    size="compact-sm"
                    variant="default"
                    loading={pause.isPending}
                    onClick={() => (monitor.paused ? pause.mutate() : setDialog('pause'))}
                  >
                    {monitor.paused ? 'Go on' : 'Pause'}
                  </Button>
                  <Button size="compact-sm" variant="default" onClick={() => setDialog('change')}>
                    Change
                  </Button>
                  <Button size="compact-sm" variant="default" onClick={() => setDialog('delete')}>
                    Delete
                  </Button>
                </>
              )}
              {monitor.origin !== 'api' && (
                <span className="quiet small">from MONITORS_FILE: change it there</span>
              )}
            </>
          )
        }
      >
        <span className="row">
          <StateMark {...MONITOR_WORDS[monitor.state]} isSoft />
          {monitor.state_since !== null && (
            <span>
              since <Instant at={monitor.state_since} />
            </span>
          )}
          <bdi>{monitor.type === 'http' ? monitor.url : monitor.heartbeat_path}</bdi>
        </span>
      </PageHead>
      {check.error !== null && <Trouble error={check.error} />}
      {pause.error !== null && <Trouble error={pause.error} />}
      {dialog === 'change' && (
        <MonitorForm account={monitor.account_id} monitor={monitor} onClose={() => setDialog(null)} />
      )}
      {dialog === 'pause' && (
        <AskDialog
          title={`Pause ${monitor.name}?`}
          leave="Go on checking"
          doIt="Pause it"
          isDestructive={false}
          onClose={() => setDialog(null)}
          onDo={() => pause.mutateAsync()}
        >
          <p>
            Nothing is checked until somebody lets it go on. An open incident of it is resolved, and whoever
            was paged gets the all-clear.
          </p>
        </AskDialog>
      )}
      {dialog === 'delete' && <DeleteDialog monitor={monitor} onClose={() => setDialog(null)} />}
    </>
  );
}

function DeleteDialog({
  monitor,
  onClose,
}: {
  readonly monitor: Monitor;
  readonly onClose: () => void;
}): ReactNode {
  const [, navigate] = useLocation();
  return (
    <AskDialog
      title={`Delete ${monitor.name}?`}
      leave="Keep it"
      doIt="Delete"
      onClose={onClose}
      onDo={async () => {
        const params = { path: { id: monitor.id }, query: { account_id: monitor.account_id } };
        await answered(api.DELETE('/monitors/{id}', { params }));
        navigate(hrefOf('/console/monitors'));
      }}
    >
      <p>
        It is no longer checked. An open incident of it is resolved, and whoever was paged gets the all-clear.
      </p>
    </AskDialog>
  );
}
