import type { ServerResponse } from 'node:http';
import type { Follower } from './revision-tail';
import { revisionMessage, type StreamedRevision } from './streamed-revision';

/** Whoever reads so much slower than things happen is let go, and comes back for the rest. */
const MAX_UNREAD_BYTES = 1_000_000;

/** One open stream: server-sent events of one account, or of all (https://html.spec.whatwg.org/#server-sent-events). */
export class EventStream implements Follower {
  /** @param place what its reader knows already, up to there; null for nothing */
  constructor(
    private readonly response: ServerResponse,
    private readonly accountId: string | undefined,
    private place: number | null,
  ) {}

  take(revisions: readonly StreamedRevision[]): void {
    // Another process may have been ahead of this one, and told some of them.
    const news = revisions.filter(({ seq }) => this.place === null || seq > this.place);
    const theirs = news.filter(({ account_id }) => {
      return this.accountId === undefined || account_id === this.accountId;
    });
    this.place = news.at(-1)?.seq ?? this.place;
    if (theirs.length > 0) this.send(theirs.map(revisionMessage).join(''));
    // So that who comes back does not read all of the others' again.
    else if (news.length > 0) this.send(`id: ${this.place}\ndata:\n\n`);
  }

  miss(place: number): void {
    this.place = place;
    this.send(`id: ${place}\nevent: missed\ndata: {}\n\n`);
  }

  /** From this place on everything is told. */
  begin(place: number): void {
    this.send(`id: ${place}\nevent: ready\ndata: {}\n\n`);
  }

  /** Keeps what lies between from closing a quiet connection. */
  beat(): void {
    this.send(': still here\n\n');
  }

  end(): void {
    this.response.end();
  }

  private send(text: string): void {
    if (this.response.writableEnded || this.response.destroyed) return;
    if (this.response.writableLength > MAX_UNREAD_BYTES) this.response.destroy();
    else this.response.write(text);
  }
}
