import { refusalOfHost, type AddressRule } from '../reliability/address-guard';
import { parseTarget } from '../reliability/redirect';

const MAX_URL_CHARACTERS = 2_048;

/** Shorter texts are no secrets, and masking them would make answers unreadable. */
const MIN_SECRET_CHARACTERS = 8;

/**
 * Reads a URL that an account sets. A host that is an address is judged here; a name whenever it is dialled.
 *
 * @throws Error that says what is expected
 */
export function readTargetUrl(value: unknown, addresses: AddressRule): string {
  const url = typeof value === 'string' && value.length <= MAX_URL_CHARACTERS ? parseTarget(value) : null;
  if (url === null) {
    throw new Error(
      `must be an http or https URL without user name and password, of at most ${MAX_URL_CHARACTERS} characters`,
    );
  }
  const refusal = refusalOfHost(url.hostname, addresses);
  if (refusal !== null) throw new Error(`must lead to a public address (this one: ${refusal})`);
  return url.href;
}

/** Those of the texts that are long enough to be secrets. */
export function secretTexts(...texts: readonly string[]): string[] {
  return texts.filter((text) => text.length >= MIN_SECRET_CHARACTERS);
}
