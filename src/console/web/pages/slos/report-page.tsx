import './report.css';
import { Button, SegmentedControl } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useSearchParams } from 'wouter';
import { answered, api } from '../../api/client';
import { download } from '../../api/download';
import type { SloReport } from '../../api/types';
import { useAccount } from '../../layout/account-choice';
import { durationText } from '../../parts/duration';
import { Icon } from '../../parts/icon';
import { PageHead } from '../../parts/page-head';
import { Trouble } from '../../parts/trouble';
import { WaitingRows } from '../../parts/waiting';
import { useIdentity } from '../../session/session';
import { Moment } from './moment';
import { ReportIncidents } from './report-incidents';
import { ReportObjectives } from './report-objectives';
import { windowText } from './slo-words';
import { Vendors } from './vendors';

const WINDOWS = ['7d', '30d'] as const;

const FILES = [
  { format: 'csv', label: 'CSV' },
  { format: 'md', label: 'Markdown' },
] as const;

/** The report on a week or on 30 days: to be read, printed, and handed on. */
export function ReportPage(): ReactNode {
  const account = useAccount();
  const { isOperator } = useIdentity();
  const [search] = useSearchParams();
  const window = WINDOWS.find((one) => one === search.get('window')) ?? '7d';
  const { data, error, refetch } = useQuery({
    queryKey: ['report', account, window],
    queryFn: async ({ signal }) => {
      const query = { window, account_id: account };
      const report = await answered(api.GET('/reports/slo', { params: { query }, signal }));
      if (typeof report === 'string') throw new Error('The report did not come as JSON.');
      return report;
    },
    // The other window's report stays until this one is there; another account's does not.
    placeholderData: (before, query) => (query?.queryKey[1] === account ? before : undefined),
  });
  return (
    <div className="report stack">
      <Head window={window} report={data} account={account} />
      {error !== null && <Trouble error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <WaitingRows rows={8} />}
      {data !== undefined && (
        <>
          <Summary report={data} />
          <ReportObjectives report={data} />
          <ReportIncidents report={data} />
        </>
      )}
      {isOperator && account === undefined && <Vendors window={window} />}
    </div>
  );
}

function Head({
  window,
  report,
  account,
}: {
  readonly window: SloReport['window'];
  readonly report: SloReport | undefined;
  readonly account: string | undefined;
}): ReactNode {
  const [, setSearch] = useSearchParams();
  const file = useMutation({
    mutationFn: (format: (typeof FILES)[number]['format']) => {
      const query = { window, account_id: account, format };
      const name = `slo-${account === undefined ? '' : `${account}-`}${window}.${format}`;
      return download(name, api.GET('/reports/slo', { params: { query }, parseAs: 'blob' }));
    },
  });
  const choose = (value: string): void =>
    setSearch(
      (params) => {
        params.set('window', value);
        return params;
      },
      { replace: true },
    );
  return (
    <>
      <PageHead
        title={`Service levels, ${windowText(report?.window ?? window)}`}
        actions={
          <>
            <SegmentedControl
              aria-label="How far back"
              size="xs"
              value={window}
              onChange={choose}
              data={WINDOWS.map((value) => ({ value, label: windowText(value) }))}
            />
            {FILES.map(({ format, label }) => (
              <Button
                key={format}
                size="compact-sm"
                variant="default"
                leftSection={<Icon name="download" size={14} />}
                loading={file.isPending && file.variables === format}
                onClick={() => file.mutate(format)}
              >
                {label}
              </Button>
            ))}
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<Icon name="print" size={14} />}
              onClick={() => globalThis.print()}
            >
              Print
            </Button>
          </>
        }
      >
        {report !== undefined && (
          <>
            <Moment at={report.from} /> to <Moment at={report.until} />,{' '}
            {account === undefined ? 'all accounts' : `the account ${account}`}. Changes are against the{' '}
            {windowText(report.window)} before.
          </>
        )}
      </PageHead>
      {file.error !== null && <Trouble error={file.error} />}
    </>
  );
}

function Summary({ report }: { readonly report: SloReport }): ReactNode {
  const { met, missed, no_data } = report.totals;
  const vendors = report.incidents.filter(({ fault }) => fault === 'vendor').length;
  return (
    <dl className="tiles slo-tiles">
      <div className="card tile">
        <dt>Objectives met, {windowText(report.window)}</dt>
        <dd>
          {met} of {met + missed}
        </dd>
        <dd className="tile-note">
          {missed} missed; {no_data} more without data
        </dd>
      </div>
      <div className="card tile">
        <dt>Incidents, {windowText(report.window)}</dt>
        <dd>{report.incidents.length}</dd>
        <dd className="tile-note">
          {report.incidents.length - vendors} ours, {vendors} of vendors
        </dd>
      </div>
      <Durations label="Time to restore (MTTR)" of="resolved" durations={report.time_to_restore} />
      <Durations label="Time to page" of="paged" durations={report.time_to_page} />
    </dl>
  );
}

function Durations({
  label,
  of,
  durations,
}: {
  readonly label: string;
  readonly of: string;
  readonly durations: SloReport['time_to_restore'];
}): ReactNode {
  return (
    <div className="card tile">
      <dt>{label}, mean</dt>
      <dd>{durations === null ? '–' : durationText(durations.mean_ms)}</dd>
      <dd className="tile-note">
        {durations === null
          ? `no incident was ${of}`
          : `${durationText(durations.longest_ms)} at most, of ${durations.count} ${of}`}
      </dd>
    </div>
  );
}
