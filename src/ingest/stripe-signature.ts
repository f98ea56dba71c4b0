import { createHmac, timingSafeEqual } from 'node:crypto';

/** Why a signature is refused. Logged and answered; never says anything of the secret. */
export type SignatureFault =
  | 'signature_missing'
  | 'signature_malformed'
  | 'signature_timestamp_invalid'
  | 'signature_timestamp_out_of_tolerance'
  | 'signature_mismatch';

/** How far `t` may be from now, both ways. Stripe's libraries default to 300 s for the past. */
export const TOLERANCE_S = 300;

/** So many signatures are looked at: Stripe sends one for each secret that is active, and a header is bounded. */
const MAX_SIGNATURES = 16;

/**
 * Verifies Stripe's signature over a webhook's body
 * (https://docs.stripe.com/webhooks#verify-manually): HMAC-SHA256 over `<t>.<body>`, under any of the secrets,
 * in any of the header's `v1` parts. Returns null where it is right.
 */
export function findSignatureFault(
  header: string | undefined,
  body: Buffer,
  secrets: readonly string[],
  now: number,
): SignatureFault | null {
  if (header === undefined || header === '') return 'signature_missing';
  const parts = header.split(',').map((part) => part.trim().split(/=(.*)/s, 2));
  const timestamps = valuesOf(parts, 't');
  const signatures = valuesOf(parts, 'v1').slice(0, MAX_SIGNATURES);
  const [timestamp] = timestamps;
  if (timestamp === undefined || timestamps.length > 1 || signatures.length === 0)
    return 'signature_malformed';
  if (!/^\d{1,12}$/.test(timestamp)) return 'signature_timestamp_invalid';
  if (signatures.some((signature) => signature === '')) return 'signature_malformed';
  // Before the HMAC: stale headers are the cheapest to send again.
  if (Math.abs(now / 1_000 - Number(timestamp)) > TOLERANCE_S) return 'signature_timestamp_out_of_tolerance';
  const isRight = secrets.some((secret) => {
    const expected = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex');
    return signatures.some((signature) => isSame(signature, expected));
  });
  return isRight ? null : 'signature_mismatch';
}

/** The header that findSignatureFault accepts: for tools that send test webhooks. */
export function signatureHeader(body: Buffer | string, secret: string, now: number): string {
  const timestamp = Math.floor(now / 1_000);
  return `t=${timestamp},v1=${createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')}`;
}

function valuesOf(parts: readonly string[][], name: string): string[] {
  return parts.filter(([key]) => key === name).map(([, value]) => value ?? '');
}

/** Compares in constant time; the length is no secret. */
function isSame(signature: string, expected: string): boolean {
  const given = Buffer.from(signature);
  const wanted = Buffer.from(expected);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
