import { MINUTE_MS } from '../../events/summary/time-buckets';
import { vendorReport, type VendorIncident, type VendorSignal } from './vendor-report';

const START = Date.UTC(2031, 4, 6);
const WITHIN = { from_at: START, until_at: START + 1_000 * MINUTE_MS };

function at(minute: number): number {
  return START + minute * MINUTE_MS;
}

/** From and until, in minutes. */
function signal(by: VendorSignal['by'], from: number, until: number | null): VendorSignal {
  return { by, started_at: at(from), resolved_at: until === null ? null : at(until) };
}

const seen = (from: number, until: number | null): VendorSignal => signal('evidence', from, until);
const said = (from: number, until: number | null): VendorSignal => signal('page', from, until);

function minutesOf({ kind, lag_ms, resolve_lag_ms }: VendorIncident): unknown[] {
  const minutes = [lag_ms, resolve_lag_ms].map((ms) => (ms === null ? null : ms / MINUTE_MS));
  return [kind, ...minutes];
}

describe('what a vendor was in trouble for', () => {
  it.each<[what: string, signals: VendorSignal[], incidents: unknown[][]]>([
    ['the page said so 12 minutes later', [seen(10, 40), said(22, 55)], [['told', 12, 15]]],
    ['the page was first, by 3 minutes, and over first', [said(7, 30), seen(10, 40)], [['told', -3, -10]]],
    ['the page said so when it was over', [seen(10, 20), said(45, 50)], [['told', 35, 30]]],
    ['the page never said so', [seen(10, 40)], [['silent', null, null]]],
    // 41 minutes are too long for the same.
    [
      'the page spoke of another trouble',
      [seen(10, 20), said(61, 70)],
      [
        ['silent', null, null],
        ['unseen', null, null],
      ],
    ],
    ['only the page said so', [said(10, 40)], [['unseen', null, null]]],
    ['it lasts for us', [seen(10, null), said(15, 30)], [['told', 5, null]]],
    ['it lasts for the page', [seen(10, 20), said(15, null)], [['told', 5, null]]],
    [
      'several things said so: the first and the last count',
      [seen(12, 20), seen(10, 15), said(25, 60), said(22, 30), seen(18, 45)],
      [['told', 12, 15]],
    ],
    [
      'it came and went: within half an hour it is the same',
      [seen(10, 12), seen(40, 45), said(70, 75)],
      [['told', 60, 30]],
    ],
    ['nothing happened', [], []],
  ])('%s', (_what, signals, incidents) => {
    expect(vendorReport(signals, WITHIN).incidents.map(minutesOf)).toEqual(incidents);
  });

  it('is told by its instants', () => {
    expect(vendorReport([seen(10, 40), said(22, 55)], WITHIN).incidents).toEqual([
      {
        kind: 'told',
        first_evidence_at: at(10),
        page_said_at: at(22),
        evidence_resolved_at: at(40),
        page_resolved_at: at(55),
        lag_ms: 12 * MINUTE_MS,
        resolve_lag_ms: 15 * MINUTE_MS,
      },
    ]);
  });

  it('belongs to the span that it began in', () => {
    const signals = [seen(-10, 5), said(2, 8), seen(990, 1_010), said(1_005, 1_020), seen(1_500, 1_510)];
    expect(vendorReport(signals, WITHIN).incidents.map(minutesOf)).toEqual([['told', 15, 10]]);
  });

  it('is counted, and so is the lag', () => {
    const lags = [2, 30, 4, 20].flatMap((lag, place) => [
      seen(place * 200, place * 200 + 40),
      said(place * 200 + lag, place * 200 + 50),
    ]);
    expect(vendorReport([...lags, seen(900, 910), said(970, 980)], WITHIN)).toMatchObject({
      told: 4,
      silent: 1,
      unseen: 1,
      // Of 2, 4, 20 and 30 minutes the middle two are 4 and 20.
      median_lag_ms: 12 * MINUTE_MS,
      longest_lag_ms: 30 * MINUTE_MS,
    });
    expect(vendorReport(lags.slice(0, 6), WITHIN).median_lag_ms).toBe(4 * MINUTE_MS);
    expect(vendorReport([], WITHIN)).toMatchObject({ median_lag_ms: null, longest_lag_ms: null });
  });
});
