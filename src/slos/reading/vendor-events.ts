import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database';
import { Statement } from '../../database/statement';
import type { Span } from '../../monitors/model/spans';
import type { VendorSignal } from '../model/vendor-report';

/** More signals than that of one vendor are left out, oldest first. */
const MAX_SIGNALS = 5_000;

type Trouble = { readonly started_at: number; readonly resolved_at: number | null };

/** What a page's maintenances and what is said of the page itself are not. */
const IS_TROUBLE = `type IN ('incident', 'component')`;

const REACHES_IN = '(resolved_at IS NULL OR resolved_at > ?) AND started_at < ?';

/** Parameters: source, from when, until when. */
const OUTAGES = new Statement<Trouble>(
  () => `
  SELECT started_at, resolved_at FROM events
  WHERE source = ? AND ${IS_TROUBLE} AND severity = 'critical' AND ${REACHES_IN}
  ORDER BY received_at DESC LIMIT ${MAX_SIGNALS}`,
);

/** The same, of whatever severity means trouble. */
const SAID_BY_PAGE = new Statement<Trouble>(
  () => `
  SELECT started_at, resolved_at FROM events
  WHERE source = ? AND ${IS_TROUBLE} AND severity IN ('warning', 'critical') AND ${REACHES_IN}
  ORDER BY received_at DESC LIMIT ${MAX_SIGNALS}`,
);

/**
 * Parameters: the service twice, the page's source, from when twice, until when. What is a point in time (a failed
 * payment) is evidence only where it is critical: that a card is declined says nothing of the vendor.
 */
const EVIDENCE = new Statement<Trouble>(
  () => `
  SELECT started_at, CASE WHEN kind IN ('incident', 'status') THEN resolved_at ELSE started_at END AS resolved_at
  FROM events
  WHERE service IN (?, ?) AND source <> ? AND source <> 'slo'
    AND ((kind IN ('incident', 'status') AND severity IN ('warning', 'critical')
        AND (resolved_at IS NULL OR resolved_at > ?))
      OR (kind = 'payment' AND severity = 'critical' AND started_at > ?))
    AND started_at < ?
  ORDER BY received_at DESC LIMIT ${MAX_SIGNALS}`,
);

/** What the stored events tell of vendors. */
@Injectable()
export class VendorEvents {
  constructor(private readonly database: Database) {}

  /** When a vendor's page said that it was down, whole or in part, within a time; in no order. */
  async outages(vendor: string, { from_at, until_at }: Span): Promise<Span[]> {
    const rows = await OUTAGES.run(this.database.replica, [sourceOf(vendor), from_at, until_at]);
    return rows.map(({ started_at, resolved_at }) => ({
      from_at: started_at,
      until_at: resolved_at ?? until_at,
    }));
  }

  /** Everything that said that a vendor was in trouble: its page, and events of other sources about its service. */
  async signals(vendor: string, { from_at, until_at }: Span): Promise<VendorSignal[]> {
    const { replica } = this.database;
    const source = sourceOf(vendor);
    const page = await SAID_BY_PAGE.run(replica, [source, from_at, until_at]);
    const [service, written] = namesOf(vendor);
    const evidence = await EVIDENCE.run(replica, [service, written, source, from_at, from_at, until_at]);
    return [
      ...page.map((trouble) => ({ by: 'page' as const, ...trouble })),
      ...evidence.map((trouble) => ({ by: 'evidence' as const, ...trouble })),
    ];
  }
}

/** The source of a page's events. */
export function sourceOf(vendor: string): string {
  return `${vendor}_status`;
}

/** What people may call a vendor's service: as the page is configured, or with a capital letter. */
function namesOf(vendor: string): readonly [string, string] {
  return [vendor, vendor.charAt(0).toUpperCase() + vendor.slice(1)];
}
