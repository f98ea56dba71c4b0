import { authorization, refused } from './client';
import { SseParser, type Message } from './sse-parser';

/** `live`: told at once. `polling`: the stream is not to be had, and lists are read from time to time. */
export type LiveState = 'connecting' | 'live' | 'polling';

/** A revision, as the stream tells it. */
export interface LiveRevision {
  readonly seq: number;
  readonly account_id: string;
  readonly event_id: string;
  readonly revision: number;
}

/** Who wants to know what happens. */
export interface Listener {
  readonly onState: (state: LiveState) => void;
  readonly onRevision: (revision: LiveRevision) => void;
  /** Something may have been missed: lists are to be read anew. */
  readonly onGap: () => void;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** Silence for so long means that the connection is gone: the service says something every 15 s. */
const SILENCE_MS = 45_000;

/** Follows `GET /events/stream` until the signal, from where it broke off whenever it breaks off. */
export async function followEvents(listener: Listener, signal: AbortSignal): Promise<void> {
  let lastId: string | null = null;
  let pauseMs = FIRST_PAUSE_MS;
  const take = (message: Message): void => {
    lastId = message.id ?? lastId;
    pauseMs = FIRST_PAUSE_MS;
    if (message.event === 'ready') listener.onState('live');
    if (message.event === 'ready' || message.event === 'missed') listener.onGap();
    if (message.event === 'revision') listener.onRevision(JSON.parse(message.data) as LiveRevision);
  };
  while (!signal.aborted) {
    try {
      await readOnce(lastId, take, signal);
    } catch {
      // Whatever it was, lists that are read from time to time will tell.
    }
    if (signal.aborted) return;
    listener.onState('polling');
    await pause(pauseMs, signal);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

async function readOnce(
  lastId: string | null,
  take: (message: Message) => void,
  signal: AbortSignal,
): Promise<void> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  try {
    const response = await fetch('/events/stream', {
      headers: { ...(await authorization()), ...(lastId === null ? {} : { 'last-event-id': lastId }) },
      signal: AbortSignal.any([signal, silence.signal]),
    });
    // A stream ends where its credential was revoked, and this is how its reader learns of it.
    if (response.status === 401) refused();
    if (!response.ok || response.body === null) return;
    const parser = new SseParser();
    for await (const piece of piecesOf(response.body)) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      for (const message of parser.push(piece)) take(message);
    }
  } finally {
    clearTimeout(timer);
  }
}

async function* piecesOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
