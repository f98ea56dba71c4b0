interface EventName {
  readonly account_id: string;
  readonly event_id: string;
}

/** Where an event is shown. In the query, because ids may hold anything. */
export function eventHref({ account_id, event_id }: EventName): string {
  return hrefOf('/console/event', { of: account_id, id: event_id });
}

/** Where it is told why routes sent an event, or did not; it is the event's account that is chosen there. */
export function explainHref({ account_id, event_id }: EventName): string {
  return `/console/routes?${new URLSearchParams({ account: account_id, explain: event_id }).toString()}`;
}

/** Where a monitor is shown. */
export function monitorHref({
  account_id,
  id,
}: {
  readonly account_id: string;
  readonly id: string;
}): string {
  return hrefOf('/console/monitor', { of: account_id, id });
}

/** Where an objective is shown. One for all accounts together has no account. */
export function sloHref({
  account_id,
  id,
}: {
  readonly account_id: string | null;
  readonly id: string;
}): string {
  return hrefOf('/console/slo', account_id === null ? { id } : { of: account_id, id });
}

/** A page of the console, for the account that is chosen now. */
export function hrefOf(path: string, query: Readonly<Record<string, string>> = {}): string {
  const chosen = new URLSearchParams(location.search).get('account');
  const search = new URLSearchParams({
    ...query,
    ...(chosen === null ? {} : { account: chosen }),
  }).toString();
  return search === '' ? path : `${path}?${search}`;
}
