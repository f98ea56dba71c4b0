import { Injectable } from '@nestjs/common';
import type { Span } from '../../monitors/model/spans';
import type { Objective } from '../model/objective';
import { reportOf, reportSpan, spanBefore, type ReportWindow, type SloReport } from '../model/report';
import { vendorReport, type VendorReport } from '../model/vendor-report';
import { MonitorSpansRepository } from '../../monitors/storage/monitor-spans.repository';
import { ObjectiveTargets } from '../objectives/targets';
import { Histories } from '../reading/histories';
import { IncidentsReader } from '../reading/incidents-reader';
import { VendorEvents } from '../reading/vendor-events';

/** Where there are more monitors, a report lists those of them that were down. */
const MAX_MONITORS = 200;

/** A vendor, and what its page is worth. */
export interface NamedVendorReport extends VendorReport {
  readonly vendor: string;
}

/** Makes reports of what is stored. */
@Injectable()
export class Reports {
  constructor(
    private readonly targets: ObjectiveTargets,
    private readonly histories: Histories,
    private readonly incidents: IncidentsReader,
    private readonly spans: MonitorSpansRepository,
    private readonly vendors: VendorEvents,
  ) {}

  /** The report on the objectives of an account, or on all of them. */
  async slos(window: ReportWindow, now: number, account_id?: string): Promise<SloReport> {
    const span = reportSpan(window, now);
    const before = spanBefore(span);
    const objectives = await this.reported(await this.targets.list(account_id), before.from_at);
    const read = await this.histories.read(objectives, [before.from_at, span.from_at, span.until_at]);
    return reportOf({
      window,
      until_at: span.until_at,
      objectives: read.map(({ objective, history }) => ({
        objective,
        counts: history.within(span),
        before: history.within(before),
      })),
      incidents: await this.incidents.within(span, account_id),
    });
  }

  /** What each vendor's page was worth. */
  async ofVendors(window: ReportWindow, now: number): Promise<NamedVendorReport[]> {
    const span = reportSpan(window, now);
    // What began before is needed to tell whether something of the span is part of it.
    const within: Span = { from_at: spanBefore(span).from_at, until_at: now };
    const reports: NamedVendorReport[] = [];
    for (const vendor of this.targets.vendors) {
      reports.push({ vendor, ...vendorReport(await this.vendors.signals(vendor, within), span) });
    }
    return reports;
  }

  private async reported(objectives: readonly Objective[], from: number): Promise<Objective[]> {
    const monitors = objectives.filter(({ kind }) => kind === 'monitor');
    if (monitors.length <= MAX_MONITORS) return [...objectives];
    const down = new Set(await this.spans.downSince(from));
    return objectives.filter((one) => one.kind !== 'monitor' || down.has(one.monitor ?? ''));
  }
}
