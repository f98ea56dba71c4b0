import type { components } from './schema';

type Schemas = components['schemas'];

/** Views of the API under the names that the console uses. All of them are made from the OpenAPI document. */
export type Services = Schemas['ServicesView'];
export type Service = Schemas['ServiceView'];
export type Evidence = Schemas['EvidenceView'];
export type OpenEvent = Schemas['OpenEventView'];
export type Page = Schemas['PageView'];
export type SignalEvent = Schemas['EventView'];
export type EventDetail = Schemas['EventDetailView'];
export type Revision = Schemas['RevisionView'];
export type Delivery = Schemas['DeliveryView'];
export type Attempt = Schemas['AttemptView'];
export type Monitor = Schemas['MonitorView'];
export type Check = Schemas['CheckView'];
export type Uptime = Schemas['UptimeView'];
export type UptimeHistory = Schemas['UptimeHistoryView'];
export type UptimeBucket = Schemas['UptimeBucketView'];
export type MonitorUptime = Schemas['MonitorUptimeView'];
export type Sources = Schemas['SourcesView'];
export type Slo = Schemas['SloView'];
export type SloDetail = Schemas['SloDetailView'];
export type SloReport = Schemas['SloReportView'];
export type VendorReport = Schemas['VendorView'];
export type Me = Schemas['MeView'];
export type Account = Schemas['AccountView'];
export type Summary = Schemas['SummaryView'];
export type RouteList = Schemas['RouteListView'];
export type ListedRoute = Schemas['ListedRouteBody'];
export type RouteMatch = Schemas['RouteMatchView'];
export type TimeWindow = Schemas['TimeWindowView'];
export type Explanation = Schemas['ExplanationView'];
export type ExplainedRoute = Schemas['ExplainedRouteView'];
export type Preview = Schemas['PreviewView'];
export type DifferentPage = Schemas['DifferentPageView'];
export type AuditEntry = Schemas['AuditEntryView'];

export type ServiceState = Service['state'];
export type Severity = SignalEvent['severity'];
export type Kind = SignalEvent['kind'];
export type DeliveryStatus = Delivery['status'];
export type MonitorState = Monitor['state'];
export type SloState = Slo['state'];
export type BurnBand = NonNullable<Slo['burn_band']>;
