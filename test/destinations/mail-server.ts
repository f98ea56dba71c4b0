import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A mail as it came. */
export interface ReceivedMail {
  readonly recipients: readonly string[];
  /** Whether it came over TLS. */
  readonly isSecure: boolean;
  readonly user: string | undefined;
  /** By lower-case name, unfolded. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded. */
  readonly body: string;
}

/** A reply that is none of a success; `null` takes the mail. */
export type Refusal = { readonly code: number; readonly text?: string } | null;

/** A real SMTP server on 127.0.0.1. */
export class MailServer {
  readonly received: ReceivedMail[] = [];
  /** What is said to each recipient, and to each mail once it is there. */
  recipientRefusal: (address: string) => Refusal = () => null;
  mailRefusal: () => Refusal = () => null;
  /** Awaited before a mail is answered. */
  beforeAnswer: () => Promise<void> = () => Promise.resolve();
  /** Mails that are here and have no answer yet. */
  waiting = 0;
  private readonly server: SMTPServer;

  private constructor(options: SMTPServerOptions) {
    this.server = new SMTPServer({
      authOptional: true,
      disabledCommands: options.cert === undefined ? ['STARTTLS'] : [],
      onRcptTo: ({ address }, _session, done) => done(errorOf(this.recipientRefusal(address))),
      onData: (stream, session, done) => {
        void text(stream).then(async (source) => {
          this.waiting += 1;
          await this.beforeAnswer();
          this.waiting -= 1;
          const refusal = this.mailRefusal();
          if (refusal !== null) return done(errorOf(refusal));
          const recipients = session.envelope.rcptTo.map(({ address }) => address);
          this.received.push({
            recipients,
            isSecure: session.secure,
            user: session.user as string | undefined,
            ...parse(source),
          });
          done();
        });
      },
      ...options,
    });
    // A connection that the other side gives up is no error here.
    this.server.on('error', () => undefined);
  }

  static async start(options: SMTPServerOptions = {}): Promise<MailServer> {
    const server = new MailServer(options);
    server.server.listen(0, '127.0.0.1');
    await once(server.server.server, 'listening');
    return server;
  }

  /** Host and port. */
  get address(): string {
    return `127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }

  /** Ends every connection without a word. */
  hangUp(): void {
    for (const connection of this.server.connections) {
      (connection as unknown as { _socket: { destroy: () => void } })._socket.destroy();
    }
  }

  async stop(): Promise<void> {
    this.hangUp();
    await new Promise<void>((resolve) => this.server.close(resolve));
  }
}

function errorOf(refusal: Refusal): Error | null {
  if (refusal === null) return null;
  return Object.assign(new Error(refusal.text ?? 'not now'), { responseCode: refusal.code });
}

/** RFC 5322, as far as our own mail goes: one part, quoted-printable at most. */
function parse(source: string): Pick<ReceivedMail, 'headers' | 'body'> {
  const end = source.indexOf('\r\n\r\n');
  const lines = source
    .slice(0, end)
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  );
  const raw = source.slice(end + 4).replaceAll('\r\n', '\n');
  return { headers, body: headers['content-transfer-encoding'] === 'quoted-printable' ? unquoted(raw) : raw };
}

function unquoted(text: string): string {
  const bytes = text.replaceAll('=\n', '').replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => {
    return String.fromCharCode(parseInt(hex, 16));
  });
  return Buffer.from(bytes, 'latin1').toString();
}
