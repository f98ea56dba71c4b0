/** Made-up documents of a page, in Statuspage's shapes. */

export const SUMMARY = { page: { id: 'p1', name: 'Acme Status', url: 'https://status.acme.test' } };

export const INCIDENT = {
  id: 'inc1',
  name: 'Card payments are slow',
  status: 'investigating',
  impact: 'major',
  created_at: '2031-03-01T09:00:00.000Z',
  started_at: '2031-03-01T08:58:00.000Z',
  updated_at: '2031-03-01T09:00:00.000Z',
  monitoring_at: null,
  resolved_at: null,
  shortlink: 'https://stspg.test/inc1',
  incident_updates: [
    {
      id: 'upd1',
      status: 'investigating',
      body: 'We are looking into it.',
      created_at: '2031-03-01T09:00:00.000Z',
      display_at: '2031-03-01T09:00:00.000Z',
      affected_components: null,
    },
  ],
};

export const COMPONENT = {
  id: 'cmp1',
  name: 'API',
  status: 'operational',
  created_at: '2029-01-01T00:00:00.000Z',
  updated_at: '2031-03-01T08:00:00.000Z',
  position: 1,
  group: false,
  group_id: null,
};

export const MAINTENANCE = {
  id: 'mnt1',
  name: 'Database upgrade',
  status: 'scheduled',
  impact: 'maintenance',
  created_at: '2031-02-20T10:00:00.000Z',
  updated_at: '2031-02-20T10:00:00.000Z',
  resolved_at: null,
  scheduled_for: '2031-03-02T01:00:00.000Z',
  scheduled_until: '2031-03-02T03:00:00.000Z',
  incident_updates: [],
};

/** A summary with these lists. */
export function summary(lists: object = {}): object {
  return { ...SUMMARY, components: [COMPONENT], incidents: [], scheduled_maintenances: [], ...lists };
}

/** A summary with the one incident, changed. */
export function withIncident(changes: object = {}): object {
  return summary({ incidents: [{ ...INCIDENT, ...changes }] });
}

/** A summary with the one component, changed. */
export function withComponent(changes: object): object {
  return summary({ components: [{ ...COMPONENT, ...changes }] });
}
