/** A place in the order of arrival: everything after it is older. */
export interface EventCursor {
  readonly received_at: number;
  readonly account_id: string;
  readonly event_id: string;
}

/** The cursor as text that callers hand back unread. */
export function encodeCursor({ received_at, account_id, event_id }: EventCursor): string {
  return Buffer.from(JSON.stringify([received_at, account_id, event_id])).toString('base64url');
}

/** Reads a cursor; null where the text is none of ours. */
export function decodeCursor(text: string): EventCursor | null {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  if (!Array.isArray(parts) || parts.length !== 3) return null;
  const [received_at, account_id, event_id] = parts as unknown[];
  if (!Number.isSafeInteger(received_at) || typeof account_id !== 'string' || typeof event_id !== 'string')
    return null;
  if (account_id.includes('\0') || event_id.includes('\0')) return null;
  return { received_at: received_at as number, account_id, event_id };
}
