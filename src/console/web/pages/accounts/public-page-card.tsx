import { Button, Group, Modal } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { answered, api } from '../../api/client';
import type { PublicPage } from '../../api/types';
import { CopyButton } from '../../parts/copy-button';
import { Empty } from '../../parts/empty';
import { StateMark } from '../../parts/state-mark';
import { Trouble } from '../../parts/trouble';
import { WaitingRows } from '../../parts/waiting';
import { badgeMarkdown } from './public-page-draft';
import { PublicPageForm } from './public-page-form';
import './public-page.css';

const exampleOf = (account: string): string =>
  `curl -X PUT ${location.origin}/accounts/${account}/public-page \\
  -H "authorization: Bearer $ADMIN_TOKEN" -H 'content-type: application/json' \\
  -d '{"slug":"${account.toLowerCase()}","title":"Acme","enabled":true,"services":[{"service":"checkout","name":"Checkout"}]}'`;

/** What an account shows to everybody: made, changed, removed. */
export function PublicPageCard({
  account,
  mayChange,
}: {
  readonly account: string;
  readonly mayChange: boolean;
}): ReactNode {
  const [open, setOpen] = useState<'form' | 'removal' | null>(null);
  const path = { id: account };
  const found = useQuery({
    queryKey: ['public-page', account],
    queryFn: () => answered(api.GET('/accounts/{id}/public-page', { params: { path } })),
  });
  const services = useQuery({
    queryKey: ['services', account, 'names'],
    queryFn: () => answered(api.GET('/services', { params: { query: { account_id: account } } })),
    select: (answer) => answer.services.map(({ service }) => service).sort(),
    enabled: mayChange && open === 'form',
  });
  const page = found.data?.public_page;
  return (
    <section className="card" aria-label="Public status page">
      <div className="card-head">
        <h2>Public status page</h2>
        {mayChange && page !== undefined && (
          <span className="row">
            <Button
              size="compact-xs"
              variant="default"
              loading={open === 'form' && services.isLoading}
              onClick={() => setOpen('form')}
            >
              {page === null ? 'Make one' : 'Change'}
            </Button>
            {page !== null && (
              <Button size="compact-xs" variant="default" onClick={() => setOpen('removal')}>
                Remove
              </Button>
            )}
          </span>
        )}
      </div>
      {found.error !== null && <Trouble error={found.error} onRetry={() => void found.refetch()} />}
      {services.error !== null && <Trouble error={services.error} />}
      {found.data === undefined && found.error === null && <WaitingRows rows={2} />}
      {page === null && (
        <Empty title="Nothing is public" command={exampleOf(account)}>
          <p>
            A page shows everybody how the services are that you choose, under names of your own, with their
            history, a feed and badges.
          </p>
        </Empty>
      )}
      {page !== undefined && page !== null && <PageFacts page={page} />}
      {open === 'form' && page !== undefined && services.data !== undefined && (
        <PublicPageForm
          account={account}
          page={page}
          services={services.data}
          onClose={() => setOpen(null)}
        />
      )}
      {open === 'removal' && page !== undefined && page !== null && (
        <RemovalDialog page={page} onClose={() => setOpen(null)} />
      )}
    </section>
  );
}

function PageFacts({ page }: { readonly page: PublicPage }): ReactNode {
  const address = `${location.origin}${page.path}`;
  return (
    <>
      <dl className="facts card-body">
        <dt>Address</dt>
        <dd>
          {page.enabled ? (
            <a href={page.path}>{address}</a>
          ) : (
            <>
              {address} · <a href={page.preview_path}>preview</a>
            </>
          )}
        </dd>
        <dt>Who sees it</dt>
        <dd>
          {page.enabled ? (
            <StateMark tone="ok" word="Everybody" icon="eye" />
          ) : (
            <StateMark tone="quiet" word="Nobody: it is not enabled" icon="pause" />
          )}
        </dd>
        <dt>Incidents</dt>
        <dd>{page.show_summaries ? 'with their summary' : 'by service, severity and time alone'}</dd>
        <dt>Feed</dt>
        <dd>{page.enabled ? <a href={`${page.path}/feed.rss`}>RSS</a> : 'RSS, once it is enabled'}</dd>
      </dl>
      <table className="list">
        <caption className="public-caption">Badges, as Markdown</caption>
        <thead>
          <tr>
            <th scope="col">Public name</th>
            <th scope="col">Service</th>
            <th scope="col">Badge</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <td>The whole page</td>
            <td data-label="Service">all {page.services.length}</td>
            <td>
              <CopyButton text={badgeMarkdown(page, null)} label="Copy badge" />
            </td>
          </tr>
          {page.services.map((service) => (
            <tr key={service.id}>
              <td>
                <bdi>{service.name}</bdi>
              </td>
              <td data-label="Service">
                <bdi>{service.service}</bdi>
              </td>
              <td>
                <CopyButton text={badgeMarkdown(page, service)} label="Copy badge" />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function RemovalDialog({
  page,
  onClose,
}: {
  readonly page: PublicPage;
  readonly onClose: () => void;
}): ReactNode {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () =>
      answered(api.DELETE('/accounts/{id}/public-page', { params: { path: { id: page.account_id } } })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['public-page', page.account_id] });
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title="Remove the public status page?">
      <p>
        Within seconds {page.path} is no page any more: links to it, its badges and its feed come to nothing.
        Services and their history stay as they are.
      </p>
      {remove.error !== null && <Trouble error={remove.error} />}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          Keep it
        </Button>
        <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
          Remove
        </Button>
      </Group>
    </Modal>
  );
}
