/** One server-sent event. */
export interface Message {
  readonly id: string | null;
  readonly event: string;
  readonly data: string;
}

/**
 * Reads server-sent events out of text that comes in pieces (https://html.spec.whatwg.org/#event-stream-interpretation).
 * The browser's own EventSource cannot send a credential's header.
 */
export class SseParser {
  private rest = '';

  /** The messages that this piece completes. */
  push(piece: string): Message[] {
    const blocks = (this.rest + piece.replaceAll('\r\n', '\n')).split('\n\n');
    this.rest = blocks.pop() ?? '';
    return blocks.map(readBlock).filter((message) => message !== null);
  }
}

function readBlock(block: string): Message | null {
  const fields = new Map<string, string>();
  for (const line of block.split('\n')) {
    const [, name, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    const known = fields.get(name);
    fields.set(name, name === 'data' && known !== undefined ? `${known}\n${value}` : value);
  }
  if (fields.size === 0) return null;
  return {
    id: fields.get('id') ?? null,
    event: fields.get('event') ?? 'message',
    data: fields.get('data') ?? '',
  };
}
