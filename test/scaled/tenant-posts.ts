/** A tenant's event, as it is posted; `more` adds to it. */
export function tenantEvent(
  account_id: string,
  event_id: string,
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    account_id,
    event_id,
    user_id: 'user-1',
    type: 'order.placed',
    timestamp: '2026-01-15T10:00:00.000Z',
    ...more,
  };
}

/** So many events of an account, `<prefix>-0` and so on. */
export function tenantEvents(account_id: string, count: number, prefix = 'e'): Record<string, unknown>[] {
  return Array.from({ length: count }, (_, n) => tenantEvent(account_id, `${prefix}-${n}`));
}
