import { MOCK_ROUTING_KEY } from '../destinations/pagerduty-message';

/** Bodies that the mock takes, for its documentation. */
export const REQUEST_EXAMPLES = {
  trigger: {
    summary: 'Events API v2: open an incident',
    value: {
      routing_key: MOCK_ROUTING_KEY,
      event_action: 'trigger',
      dedup_key: 'default/evt_1Nv0payout',
      client: 'Signalbox',
      payload: {
        summary: 'payout.failed: po_1Nv0',
        source: 'stripe',
        severity: 'critical',
        timestamp: '2026-11-20T09:40:58.000Z',
        component: 'stripe',
        group: 'stripe',
        class: 'payout.failed',
        custom_details: { account_id: 'default', event_id: 'evt_1Nv0payout' },
      },
    },
  },
  resolve: {
    summary: 'Events API v2: close it',
    value: { routing_key: MOCK_ROUTING_KEY, event_action: 'resolve', dedup_key: 'default/evt_1Nv0payout' },
  },
  event: {
    summary: "One of Signalbox's own events; a resolve where resolved_at is set",
    value: {
      account_id: 'default',
      event_id: 'evt_1Nv0payout',
      source: 'stripe',
      kind: 'payment',
      severity: 'critical',
      service: 'stripe',
      type: 'payout.failed',
      summary: 'payout.failed: po_1Nv0',
      started_at: '2026-11-20T09:40:58.000Z',
      resolved_at: null,
    },
  },
};
