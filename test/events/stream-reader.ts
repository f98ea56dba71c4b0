import { SseParser, type Message } from '../../src/console/web/api/sse-parser';
import { eventually } from '../harness/eventually';

/** An event as the stream tells it. */
export interface Told {
  readonly seq: number;
  readonly account_id: string;
  readonly event_id: string;
  readonly revision: number;
}

/** Reads `GET /events/stream`, as the console does. */
export class StreamReader {
  readonly messages: Message[] = [];
  /** Resolves when the service has ended the stream. */
  readonly end: Promise<void>;
  private readonly leaving: AbortController;

  private constructor(response: Response, leaving: AbortController) {
    this.leaving = leaving;
    this.end = this.read(response.body!);
  }

  /** Opens a stream, of all accounts or of one, and waits until everything from now on is told. */
  static async open(
    url: string,
    headers: Record<string, string> = {},
    account?: string,
  ): Promise<StreamReader> {
    const leaving = new AbortController();
    const query = account === undefined ? '' : `?account_id=${account}`;
    const response = await fetch(`${url}/events/stream${query}`, { headers, signal: leaving.signal });
    if (response.status !== 200) throw new Error(`answered ${response.status}`);
    const reader = new StreamReader(response, leaving);
    await eventually(() => {
      if (!reader.messages.some(({ event }) => event === 'ready')) throw new Error('not ready yet');
    });
    return reader;
  }

  get told(): Told[] {
    return this.messages
      .filter(({ event }) => event === 'revision')
      .map(({ data }) => JSON.parse(data) as Told);
  }

  get names(): string[] {
    return this.told.map(({ event_id, revision }) => `${event_id} ${revision}`);
  }

  get lastId(): string {
    return this.messages.findLast(({ id }) => id !== null)?.id ?? '';
  }

  close(): void {
    this.leaving.abort();
  }

  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    const parser = new SseParser();
    const decoder = new TextDecoder();
    try {
      for await (const piece of body)
        this.messages.push(...parser.push(decoder.decode(piece, { stream: true })));
    } catch (error) {
      if (!this.leaving.signal.aborted) throw error;
    }
  }
}
