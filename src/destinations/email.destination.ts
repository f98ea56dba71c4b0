import { Injectable } from '@nestjs/common';
import { isEmail } from 'class-validator';
import { Settings } from '../config/settings';
import { cutTo } from '../normalization/plain-text';
import type { MailDestination, Message, OutgoingMail } from './destination';
import { plain, type Field, type SettingsOf } from './fields';
import type { Configurable } from './kind';
import { messageIdOf, threadIdOf } from './message-id';
import { secretTexts } from './target-url';
import { wordingOf } from './wording';

const MAX_RECIPIENTS = 20;
const MAX_SUBJECT_CHARACTERS = 200;

type EmailFields = { readonly to: Field<readonly string[]> };

/** People's mailboxes, over the operator's mail server. */
@Injectable()
export class EmailDestination implements MailDestination, Configurable<EmailFields> {
  readonly type = 'email';
  readonly sentBy = 'smtp';
  readonly unavailable: string | null;
  readonly fields: EmailFields = { to: plain(readRecipients) };
  private readonly from: string;
  private readonly password: string;

  constructor({ SMTP_URL, SMTP_FROM }: Settings) {
    this.unavailable = SMTP_FROM === undefined ? 'The operator has to set SMTP_URL and SMTP_FROM.' : null;
    this.from = SMTP_FROM ?? '';
    this.password = decodeURIComponent(URL.parse(SMTP_URL ?? '')?.password ?? '');
  }

  placeOf({ to }: SettingsOf<EmailFields>): string {
    return [...to].sort().join(' ');
  }

  /** The operator's alone: a server may repeat what it was told. */
  secretsIn(): readonly string[] {
    return secretTexts(this.password);
  }

  /**
   * All mail about one event is one thread: it refers to an id that they have in common, and to the mail that opened what
   * it joins or closes. The subject stays the same, because some readers go by that too.
   */
  mail(message: Message): OutgoingMail {
    if (this.unavailable !== null) throw new Error(`e-mail cannot be sent: ${this.unavailable}`);
    const { to } = JSON.parse(message.credential) as SettingsOf<EmailFields>;
    const { service, summary } = wordingOf(message);
    const subject = oneLine(`[Signalbox] ${service}: ${summary}`);
    const domain = /@([^\s<>@]+?)>?$/.exec(this.from)?.[1] ?? 'localhost';
    const opener = message.follows === null ? [] : [messageIdOf(message, message.follows)];
    return {
      from: this.from,
      to,
      subject: message.follows === null ? subject : `Re: ${subject}`,
      text: textOf(message),
      messageId: `<${messageIdOf(message, message.delivery_id)}@${domain}>`,
      references: [threadIdOf(message), ...opener].map((id) => `<${id}@${domain}>`),
      // RFC 3834, section 5: no out-of-office notes for this.
      headers: { 'Auto-Submitted': 'auto-generated' },
      date: new Date(message.sent_at),
    };
  }
}

function textOf(message: Message): string {
  const { state, service, summary, description, facts } = wordingOf(message);
  const paragraphs = [`${state}: ${service}`, summary, ...(description === null ? [] : [description])];
  return `${paragraphs.join('\n\n')}\n\n${facts.map(([label, value]) => `${label}: ${value}`).join('\n')}\n`;
}

/** Whatever stands for the end of a line would end the header. */
function oneLine(text: string): string {
  return cutTo(text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' '), MAX_SUBJECT_CHARACTERS);
}

function readRecipients(value: unknown): readonly string[] {
  const isList = Array.isArray(value) && value.length > 0 && value.length <= MAX_RECIPIENTS;
  if (!isList || !value.every((address) => isEmail(address))) {
    throw new Error(`must be a list of 1 to ${MAX_RECIPIENTS} e-mail addresses`);
  }
  return [...new Set(value as string[])];
}
