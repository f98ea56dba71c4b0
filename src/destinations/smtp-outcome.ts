import type { Outcome } from '../outbox/outcome';

/** What Nodemailer's errors tell (its docs, "Error reference"). */
export interface SmtpFailure {
  readonly code?: string;
  /** The server's reply, where there was one. */
  readonly responseCode?: number;
  /** What it was a reply to. */
  readonly command?: string;
}

/** Commands whose replies are about the mail; those to all others are about the server, or about who may use it. */
const ABOUT_THE_MAIL = ['MAIL FROM', 'RCPT TO', 'DATA'];

/** The server is closing, whatever the mail (RFC 5321, section 4.2.2). */
const CLOSING = 421;

/**
 * What an attempt that failed says about the mail, and whether it speaks against the server. A reply of 5xx to the mail is
 * for good, and one of 4xx for now (RFC 5321, section 4.2.1). Without a reply nobody knows how far a mail came that had
 * been begun.
 */
export function outcomeOfSmtp(
  { code, responseCode, command = '' }: SmtpFailure,
  hasBegun: boolean,
): { readonly outcome: Outcome; readonly isSick: boolean } {
  if (responseCode !== undefined && ABOUT_THE_MAIL.includes(command)) {
    if (responseCode >= 500) return { outcome: 'rejected', isSick: false };
    return { outcome: 'server_error', isSick: responseCode === CLOSING };
  }
  if (!hasBegun) return { outcome: 'unreachable', isSick: true };
  return { outcome: code === 'ETIMEDOUT' ? 'timeout' : 'connection_lost', isSick: true };
}
