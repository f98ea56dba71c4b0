import { ApiProperty } from '@nestjs/swagger';
import { iso, isoOrNull } from '../../normalization/instant';
import { FAULTS, type Fault, type Incident } from '../model/incident';
import { REPORT_WINDOWS, type Result, type ReportWindow, type SloReport } from '../model/report';
import type { NamedVendorReport } from './reports';

/** What was counted. */
export class ReportCountsView {
  @ApiProperty({ example: 1_007_000 })
  good!: number;

  @ApiProperty({ example: 1_000 })
  bad!: number;

  @ApiProperty({ description: 'Minutes in which nobody looked', example: 0 })
  unseen!: number;
}

/** What a report says about an objective. */
export class ReportRowView {
  @ApiProperty({ example: 'events-availability' })
  id!: string;

  @ApiProperty({ type: String, nullable: true, example: null })
  account_id!: string | null;

  @ApiProperty({ example: 'POST /events is available' })
  name!: string;

  @ApiProperty({ example: 0.999 })
  target!: number;

  @ApiProperty({ type: ReportCountsView })
  counts!: ReportCountsView;

  @ApiProperty({ type: Number, nullable: true, example: 0.99901 })
  actual!: number | null;

  @ApiProperty({ enum: ['met', 'missed', 'no_data'], example: 'met' })
  result!: Result;

  @ApiProperty({ type: Number, nullable: true, description: 'Above 1 where it was missed', example: 0.99 })
  budget_consumed!: number | null;

  @ApiProperty({ type: Number, nullable: true, description: 'Against the window before', example: -0.0009 })
  actual_change!: number | null;

  @ApiProperty({ type: Number, nullable: true, description: 'Likewise', example: 0.9 })
  budget_change!: number | null;
}

/** How many objectives came to what. */
export class ReportTotalsView {
  @ApiProperty({ example: 12 })
  met!: number;

  @ApiProperty({ example: 0 })
  missed!: number;

  @ApiProperty({ example: 2 })
  no_data!: number;
}

/** An incident that went on within the window. */
export class ReportIncidentView {
  @ApiProperty({ description: 'Whose event it is', example: 'default' })
  account_id!: string;

  @ApiProperty({ example: 'monitor:k3hq9zbtmxo0cv5u:2026-01-15T10:40:07.012Z' })
  event_id!: string;

  @ApiProperty({ example: 'API is down' })
  title!: string;

  @ApiProperty({ enum: FAULTS, example: 'own' })
  fault!: Fault;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The note of whoever resolved it, or what the vendor wrote',
    example: null,
  })
  cause!: string | null;

  @ApiProperty({ example: '2026-01-15T10:40:07.012Z' })
  started_at!: string;

  @ApiProperty({ type: String, nullable: true, example: '2026-01-15T10:47:07.009Z' })
  resolved_at!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'When its first page was delivered',
    example: '2026-01-15T10:40:09.100Z',
  })
  paged_at!: string | null;
}

/** Mean and longest of some durations. */
export class DurationsView {
  @ApiProperty({ example: 3 })
  count!: number;

  @ApiProperty({ example: 420_000 })
  mean_ms!: number;

  @ApiProperty({ example: 900_000 })
  longest_ms!: number;
}

/** How well promises were kept over a week or 30 days. */
export class SloReportView {
  @ApiProperty({ enum: Object.keys(REPORT_WINDOWS), example: '7d' })
  window!: ReportWindow;

  @ApiProperty({ example: '2026-01-08T10:40:00.000Z' })
  from!: string;

  @ApiProperty({
    description: 'The end of the newest minute that is over',
    example: '2026-01-15T10:40:00.000Z',
  })
  until!: string;

  @ApiProperty({ type: [ReportRowView] })
  objectives!: ReportRowView[];

  @ApiProperty({ type: ReportTotalsView })
  totals!: ReportTotalsView;

  @ApiProperty({ type: [ReportIncidentView], description: 'By their start; at most 1,000' })
  incidents!: ReportIncidentView[];

  @ApiProperty({ type: DurationsView, nullable: true, description: 'From start to resolution (MTTR)' })
  time_to_restore!: DurationsView | null;

  @ApiProperty({ type: DurationsView, nullable: true, description: 'From start to the first page delivered' })
  time_to_page!: DurationsView | null;
}

/** One trouble of a vendor's. */
export class VendorIncidentView {
  @ApiProperty({
    enum: ['told', 'silent', 'unseen'],
    description: '`silent`: the page never said so. `unseen`: only the page did',
    example: 'told',
  })
  kind!: string;

  @ApiProperty({ type: String, nullable: true, example: '2026-01-15T10:40:07.012Z' })
  first_evidence_at!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '2026-01-15T10:52:00.000Z' })
  page_said_at!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '2026-01-15T11:20:07.009Z' })
  evidence_resolved_at!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '2026-01-15T11:30:00.000Z' })
  page_resolved_at!: string | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Below 0 where the page was first',
    example: 712_988,
  })
  lag_ms!: number | null;

  @ApiProperty({ type: Number, nullable: true, example: 592_991 })
  resolve_lag_ms!: number | null;
}

/** What a vendor's page was worth. */
export class VendorView {
  @ApiProperty({ example: 'spreedly' })
  vendor!: string;

  @ApiProperty({ type: [VendorIncidentView], description: 'Those that began within the window' })
  incidents!: VendorIncidentView[];

  @ApiProperty({ example: 1 })
  told!: number;

  @ApiProperty({ example: 0 })
  silent!: number;

  @ApiProperty({ example: 0 })
  unseen!: number;

  @ApiProperty({ type: Number, nullable: true, example: 712_988 })
  median_lag_ms!: number | null;

  @ApiProperty({ type: Number, nullable: true, example: 712_988 })
  longest_lag_ms!: number | null;
}

/** What vendors' pages were worth. */
export class VendorReportView {
  @ApiProperty({ type: [VendorView] })
  vendors!: VendorView[];
}

export function sloReportView({
  from_at,
  until_at,
  incidents,
  objectives,
  ...report
}: SloReport): SloReportView {
  return {
    ...report,
    from: iso(from_at),
    until: iso(until_at),
    objectives: [...objectives],
    incidents: incidents.map(incidentView),
  };
}

export function vendorView({ incidents, ...report }: NamedVendorReport): VendorView {
  return {
    ...report,
    incidents: incidents.map((incident) => ({
      ...incident,
      first_evidence_at: isoOrNull(incident.first_evidence_at),
      page_said_at: isoOrNull(incident.page_said_at),
      evidence_resolved_at: isoOrNull(incident.evidence_resolved_at),
      page_resolved_at: isoOrNull(incident.page_resolved_at),
    })),
  };
}

function incidentView({
  account_id,
  id,
  title,
  fault,
  cause,
  started_at,
  resolved_at,
  paged_at,
}: Incident): ReportIncidentView {
  return {
    ...{ account_id, event_id: id, title, fault, cause },
    started_at: iso(started_at),
    resolved_at: isoOrNull(resolved_at),
    paged_at: isoOrNull(paged_at),
  };
}
