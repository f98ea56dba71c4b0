import { iso } from '../../normalization/instant';
import type { NormalizedEvent } from '../../normalization/normalized-event';
import { cutTo } from '../../normalization/plain-text';
import { SLO_SOURCE } from '../model/alert-event';
import type { SloReport } from '../model/report';
import { documentOf } from '../model/report-document';
import { markdownOf } from '../model/report-markdown';

/** As long as a text may be that a vendor's page brings; e-mail takes all of it, a chat as much as it can. */
const MAX_TEXT = 10_000;

/**
 * The event by which a report is sent: a point in time, which nobody has to close, and of which the first one wins. Of
 * one report to one destination always the same event.
 *
 * @param destination its id: the account's other destinations have events of their own
 */
export function reportEvent(report: SloReport, account_id: string, destination: string): NormalizedEvent {
  const { window, from_at, until_at, totals } = report;
  return {
    account_id,
    event_id: `slo:report:${window}:${iso(until_at)}:${destination}`,
    source: SLO_SOURCE,
    kind: 'activity',
    severity: 'info',
    service: 'signalbox',
    type: 'report',
    user_id: null,
    summary: `Service levels, ${window}: ${totals.met} met, ${totals.missed} missed, ${totals.no_data} without data`,
    description: cutTo(markdownOf(documentOf(report)), MAX_TEXT),
    started_at: until_at,
    resolved_at: null,
    updated_at: until_at,
    raw: JSON.stringify({ window, from: iso(from_at), until: iso(until_at), totals, destination }),
  };
}
