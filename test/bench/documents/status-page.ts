const COMPONENTS = 30;

/** Every so many pages, one has an open incident, which pages nobody. */
const INCIDENT_EVERY = 50;

const GROUPS = ['API', 'Dashboard', 'Webhooks', 'Reporting', 'Payments', 'Messaging'];
const REGIONS = ['Europe', 'North America', 'South America', 'Asia Pacific', 'Middle East'];

const CREATED_AT = '2029-04-02T08:15:30.120Z';
const UPDATED_AT = '2031-02-11T17:40:05.733Z';

/** A made-up `summary.json` of a page with 30 components, about 15 KB as Statuspage prints it. */
export function summaryOf(page: number): object {
  const id = idOf('page', page);
  return {
    page: {
      id,
      name: `Vendor ${page}`,
      url: `https://status.vendor${page}.test`,
      time_zone: 'Etc/UTC',
      updated_at: UPDATED_AT,
    },
    components: Array.from({ length: COMPONENTS }, (_, index) => componentOf(page, index)),
    incidents: page % INCIDENT_EVERY === 0 ? [incidentOf(page)] : [],
    scheduled_maintenances: [],
    status: { indicator: 'none', description: 'All Systems Operational' },
  };
}

/** The `incidents.json` that stands beside it. */
export function incidentsOf(page: number): object {
  const { page: head, incidents } = summaryOf(page) as Record<string, unknown>;
  return { page: head, incidents };
}

function componentOf(page: number, index: number): object {
  return {
    id: idOf('cmp', page * COMPONENTS + index),
    name: `${GROUPS[index % GROUPS.length]} (${REGIONS[index % REGIONS.length]})`,
    status: 'operational',
    created_at: CREATED_AT,
    updated_at: UPDATED_AT,
    position: index + 1,
    description:
      'Requests that customers and their integrations send, and what they get back in time. ' +
      'Includes authentication, validation and everything up to the confirmed answer.',
    showcase: true,
    start_date: '2029-04-02',
    group_id: null,
    page_id: idOf('page', page),
    group: false,
    only_show_if_degraded: false,
  };
}

function incidentOf(page: number): object {
  const id = idOf('inc', page);
  const update = {
    id: idOf('upd', page),
    status: 'investigating',
    body: 'Some requests take longer than usual. We are looking into it.',
    incident_id: id,
    created_at: UPDATED_AT,
    updated_at: UPDATED_AT,
    display_at: UPDATED_AT,
    affected_components: null,
  };
  return {
    id,
    name: 'Requests are slow',
    status: 'investigating',
    impact: 'minor',
    created_at: UPDATED_AT,
    started_at: UPDATED_AT,
    updated_at: UPDATED_AT,
    monitoring_at: null,
    resolved_at: null,
    shortlink: `https://stspg.test/${id}`,
    page_id: idOf('page', page),
    incident_updates: [update],
    components: [],
  };
}

/** Twelve characters, as Statuspage's ids have. */
function idOf(kind: string, number: number): string {
  return `${kind}${number.toString(36)}`.padEnd(12, '0');
}
