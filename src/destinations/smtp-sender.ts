import { Readable } from 'node:stream';
import { createTransport } from 'nodemailer';
import type { MailDestination, Message, OutgoingMail } from './destination';
import { MAX_RESPONSE_BYTES, NOTHING, type Sender, type SendResult, type Sent } from './send-result';
import { outcomeOfSmtp, type SmtpFailure } from './smtp-outcome';

/** How far an attempt came. */
interface Progress {
  /** Whether anything of the mail may have been handed over. */
  hasBegun: boolean;
}

/** Hands mail to the operator's server: a connection for each, with TLS wherever the server offers it. */
export class SmtpSender implements Sender {
  private readonly closing = new AbortController();

  /** @param url of the server, `smtp:` or `smtps:`, with the user and password if it wants any */
  constructor(
    private readonly destination: MailDestination,
    private readonly url: string,
    private readonly timeoutMs: number,
  ) {}

  async send(message: Message, signal: AbortSignal): Promise<Sent> {
    const mail = this.destination.mail(message);
    const progress: Progress = { hasBegun: false };
    const timeout = AbortSignal.timeout(this.timeoutMs);
    const stop = AbortSignal.any([signal, this.closing.signal]);
    try {
      const response = await this.hand(mail, progress, AbortSignal.any([timeout, stop]));
      return { result: { ...NOTHING, outcome: 'delivered', response }, isSick: false };
    } catch (error) {
      if (stop.aborted) {
        const outcome = progress.hasBegun ? 'aborted' : 'released';
        return { result: { ...NOTHING, outcome, error: 'aborted' }, isSick: false };
      }
      if (!timeout.aborted) return sentOf(error as Error, progress);
      const late = `timeout after ${this.timeoutMs} ms`;
      return { result: { ...NOTHING, outcome: 'timeout', error: late }, isSick: true };
    }
  }

  close(): Promise<void> {
    this.closing.abort();
    return Promise.resolve();
  }

  /** Answers what the server said when it took the mail. */
  private async hand(
    { references, text, ...mail }: OutgoingMail,
    progress: Progress,
    signal: AbortSignal,
  ): Promise<string> {
    const transport = createTransport({ url: this.url, disableFileAccess: true, disableUrlAccess: true });
    const info = await transport.sendMail({
      ...mail,
      to: [...mail.to],
      references: [...references],
      inReplyTo: references.at(-1),
      text: Readable.from(notingTheBegin(text, progress)),
      signal,
    });
    const refused = info.rejected.length === 0 ? '' : ` (refused: ${info.rejected.join(', ')})`;
    return cut(`${info.response}${refused}`);
  }
}

/** Nodemailer reads a text when it has a connection, with TLS and the login done, and begins to hand the mail over. */
function* notingTheBegin(text: string, progress: Progress): Generator<string> {
  progress.hasBegun = true;
  yield text;
}

function sentOf(error: Error, { hasBegun }: Progress): Sent {
  const failure = error as Error & SmtpFailure & { readonly response?: string };
  // Anything else is a defect here.
  if (failure.code === undefined) throw error;
  const { outcome, isSick } = outcomeOfSmtp(failure, hasBegun);
  const { responseCode, response } = failure;
  const result: SendResult = {
    ...NOTHING,
    outcome,
    error: responseCode === undefined ? `no answer: ${failure.code}` : `answered ${responseCode}`,
    response: response === undefined ? null : cut(response),
  };
  return { result, isSick };
}

function cut(text: string): string {
  return text.replaceAll('\0', '\uFFFD').slice(0, MAX_RESPONSE_BYTES);
}
