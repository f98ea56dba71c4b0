import { ApiError } from '../http/api-error';

/** Printable ASCII: what every proxy passes on unchanged. */
const KEY = /^[\x20-\x7e]{1,256}$/;

export const IDEMPOTENCY_KEY_MESSAGE = 'Idempotency-Key must be 1 to 256 printable ASCII characters.';

/**
 * The Idempotency-Key of a request, null where it has none.
 *
 * @throws ApiError 400
 */
export function readIdempotencyKey(header: string | undefined): string | null {
  if (header === undefined) return null;
  if (!KEY.test(header)) throw new ApiError(400, 'invalid_idempotency_key', IDEMPOTENCY_KEY_MESSAGE);
  return header;
}
