import './slos.css';
import { Alert, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useSearchParams } from 'wouter';
import { answered, api } from '../../api/client';
import type { SloDetail } from '../../api/types';
import { hrefOf, monitorHref } from '../../parts/links';
import { PageHead } from '../../parts/page-head';
import { StateMark } from '../../parts/state-mark';
import { Trouble } from '../../parts/trouble';
import { WaitingRows } from '../../parts/waiting';
import { BudgetOverTime } from './budget-over-time';
import { BurnRates } from './burn-rates';
import { SloTiles } from './slo-tiles';
import { SLO_WORDS, targetText, windowText } from './slo-words';
import { Spending } from './spending';
import { subjectText } from './subject-words';

/** Counts are stored once a minute. */
const REFETCH_MS = 60_000;

/** One objective: how it stands, how fast its budget goes, and what has spent it. */
export function SloPage(): ReactNode {
  const [search] = useSearchParams();
  const account_id = search.get('of') ?? undefined;
  const id = search.get('id') ?? '';
  const { data, error, refetch } = useQuery({
    queryKey: ['slo', account_id, id],
    queryFn: ({ signal }) => {
      const params = { path: { id }, query: { account_id } };
      return answered(api.GET('/slos/{id}', { params, signal }));
    },
    refetchInterval: REFETCH_MS,
  });
  if (error !== null && data === undefined) return <Trouble error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <WaitingRows rows={5} height={72} />;
  return (
    <div className="slo-detail stack">
      <Head slo={data} />
      {data.warnings.length > 0 && (
        <Alert color="yellow" variant="light" title="What is doubtful about it">
          {data.warnings.map((warning) => (
            <p key={warning}>{warning}.</p>
          ))}
        </Alert>
      )}
      <SloTiles slo={data} />
      <BudgetOverTime slo={data} />
      <BurnRates slo={data} />
      <Spending slo={data} />
    </div>
  );
}

function Head({ slo }: { readonly slo: SloDetail }): ReactNode {
  const { subject, account_id } = slo;
  return (
    <PageHead
      title={<bdi>{slo.name}</bdi>}
      actions={
        <>
          {subject.monitor !== null && account_id !== null && (
            <Button
              component={Link}
              href={monitorHref({ account_id, id: subject.monitor })}
              size="compact-sm"
              variant="default"
            >
              Its monitor
            </Button>
          )}
          <Button component={Link} href={hrefOf('/console/slos')} size="compact-sm" variant="default">
            All objectives
          </Button>
        </>
      }
    >
      <span className="row">
        <StateMark {...SLO_WORDS[slo.state]} isSoft />
        <span>
          Promised: at least {targetText(slo.objective)} of {subjectText(slo)}, over {windowText(slo.window)},{' '}
          {account_id === null ? (
            'for all accounts together'
          ) : (
            <>
              for <bdi>{account_id}</bdi>
            </>
          )}
        </span>
      </span>
    </PageHead>
  );
}
