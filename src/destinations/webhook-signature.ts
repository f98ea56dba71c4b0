import { createHmac } from 'node:crypto';

const PREFIX = 'whsec_';

/** Sizes of a secret, in bytes (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md). */
const MIN_BYTES = 24;
const MAX_BYTES = 64;

/**
 * Checks a secret: `whsec_` and 24 to 64 bytes in base64.
 *
 * @throws Error that says what is expected
 */
export function readSigningSecret(value: unknown): string {
  const key = typeof value === 'string' && value.startsWith(PREFIX) ? keyOf(value) : Buffer.alloc(0);
  const isWhole = `${PREFIX}${key.toString('base64')}` === value;
  if (!isWhole || key.length < MIN_BYTES || key.length > MAX_BYTES) {
    throw new Error(`must be ${PREFIX} and ${MIN_BYTES} to ${MAX_BYTES} bytes in base64`);
  }
  return value;
}

/** The part of a secret that nobody may see. */
export function secretPart(secret: string): string {
  return secret.slice(PREFIX.length);
}

/**
 * The headers by which a receiver knows who has sent a body: those of Standard Webhooks, and the same under the names that
 * Svix's libraries look for. One signature for each secret, so that a receiver with any of them is content.
 *
 * @param id of the message, the same at every attempt
 * @param sentAt milliseconds since 1970 UTC
 */
export function signatureHeaders(
  id: string,
  sentAt: number,
  body: string,
  secrets: readonly string[],
): Record<string, string> {
  const timestamp = String(Math.floor(sentAt / 1_000));
  const signatures = secrets.map((secret) => {
    return `v1,${createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  const signature = signatures.join(' ');
  return {
    ...{ 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature },
    ...{ 'svix-id': id, 'svix-timestamp': timestamp, 'svix-signature': signature },
  };
}

function keyOf(secret: string): Buffer {
  return Buffer.from(secretPart(secret), 'base64');
}
