/** What names an event: its id is unique within its account. */
export interface EventIdentity {
  readonly account_id: string;
  readonly event_id: string;
}

/** The key by which events are told apart in memory. Neither part can hold a NUL. */
export function identityOf({ account_id, event_id }: EventIdentity): string {
  return `${account_id}\0${event_id}`;
}

/** Identities as a statement's parameter: a JSON list of pairs. */
export function identitiesJson(events: readonly EventIdentity[]): string {
  return JSON.stringify(events.map(({ account_id, event_id }) => [account_id, event_id]));
}
