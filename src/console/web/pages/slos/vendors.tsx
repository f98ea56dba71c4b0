import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { answered, api } from '../../api/client';
import type { SloReport, VendorReport } from '../../api/types';
import { durationText } from '../../parts/duration';
import { StateMark, type StateWord } from '../../parts/state-mark';
import { Trouble } from '../../parts/trouble';
import { WaitingRows } from '../../parts/waiting';
import { Moment } from './moment';
import { windowText } from './slo-words';

type VendorTrouble = VendorReport['incidents'][number];

const KIND_WORDS: Readonly<Record<VendorTrouble['kind'], StateWord>> = {
  told: { tone: 'ok', word: 'Told' },
  silent: { tone: 'degraded', word: 'Silent' },
  unseen: { tone: 'quiet', word: 'Only its page' },
};

/** So many rows a page shows. */
const MOST_ROWS = 100;

/** What vendors' status pages were worth: how much later than our own evidence they spoke, if they did. */
export function Vendors({ window }: { readonly window: SloReport['window'] }): ReactNode {
  const { data, error, refetch } = useQuery({
    queryKey: ['report', 'vendors', window],
    queryFn: ({ signal }) => answered(api.GET('/reports/vendors', { params: { query: { window } }, signal })),
  });
  const vendors = data?.vendors.filter(({ incidents }) => incidents.length > 0) ?? [];
  const quiet = data?.vendors.filter(({ incidents }) => incidents.length === 0) ?? [];
  return (
    <section className="card" aria-label="Vendors">
      <div className="card-head">
        <h2>What vendors’ pages were worth, {windowText(window)}</h2>
        <span className="quiet small">told: both saw it; silent: the page never said so</span>
      </div>
      {error !== null && <Trouble error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <WaitingRows rows={3} />}
      {data?.vendors.length === 0 && (
        <p className="card-body quiet">No status page is read: name some in STATUS_PAGES.</p>
      )}
      {vendors.length > 0 && <Table vendors={vendors} />}
      {quiet.length > 0 && (
        <p className="card-body quiet">
          Without trouble: <bdi>{quiet.map(({ vendor }) => vendor).join(', ')}</bdi>.
        </p>
      )}
    </section>
  );
}

function Table({ vendors }: { readonly vendors: readonly VendorReport[] }): ReactNode {
  return (
    <table className="list report-table">
      <thead>
        <tr>
          <th scope="col">Kind</th>
          <th scope="col">Our first evidence</th>
          <th scope="col">The page said so</th>
          <th scope="col">We saw it over</th>
          <th scope="col">The page said it was over</th>
        </tr>
      </thead>
      <tbody>
        {vendors.map((vendor) => (
          <Vendor key={vendor.vendor} vendor={vendor} />
        ))}
      </tbody>
    </table>
  );
}

function Vendor({ vendor }: { readonly vendor: VendorReport }): ReactNode {
  const { incidents, told, silent, unseen, median_lag_ms, longest_lag_ms } = vendor;
  const counts = [`${told} told`, `${silent} silent`, `${unseen} only on its page`].join(', ');
  return (
    <>
      <tr className="report-group">
        <th scope="rowgroup" colSpan={5}>
          <bdi>{vendor.vendor}</bdi>{' '}
          <span className="quiet small">
            {counts}
            {median_lag_ms === null || longest_lag_ms === null
              ? ''
              : `; its page spoke ${lagText(median_lag_ms)} in the median, ${lagText(longest_lag_ms)} at the latest`}
            {incidents.length > MOST_ROWS ? `; the newest ${MOST_ROWS}:` : ''}
          </span>
        </th>
      </tr>
      {incidents
        .slice(-MOST_ROWS)
        .reverse()
        .map((incident) => (
          <Incident key={`${incident.first_evidence_at}/${incident.page_said_at}`} incident={incident} />
        ))}
    </>
  );
}

function Incident({ incident }: { readonly incident: VendorTrouble }): ReactNode {
  const { kind, first_evidence_at, page_said_at, evidence_resolved_at, page_resolved_at } = incident;
  return (
    <tr>
      <td>
        <StateMark {...KIND_WORDS[kind]} />
      </td>
      <td data-label="Our first evidence">
        <Moment at={first_evidence_at} otherwise="nothing of ours" />
      </td>
      <td data-label="The page said so">
        <Moment at={page_said_at} otherwise="never" />
        <Lag ms={incident.lag_ms} />
      </td>
      <td data-label="We saw it over">
        <Moment at={evidence_resolved_at} otherwise={first_evidence_at === null ? '–' : 'not yet'} />
      </td>
      <td data-label="The page said it was over">
        <Moment at={page_resolved_at} otherwise={page_said_at === null ? '–' : 'not yet'} />
        <Lag ms={incident.resolve_lag_ms} />
      </td>
    </tr>
  );
}

function Lag({ ms }: { readonly ms: number | null }): ReactNode {
  return ms !== null && <div className="small quiet number">{lagText(ms)}</div>;
}

/** How much later than our evidence a page spoke. */
function lagText(ms: number): string {
  if (ms === 0) return 'at once';
  return ms > 0 ? `${durationText(ms)} later` : `${durationText(-ms)} before us`;
}
