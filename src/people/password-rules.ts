import { COMMON_PASSWORDS } from './common-passwords';

/** NIST SP 800-63B asks for 8 at least and for 64 to be allowed; these are characters, not bytes. */
export const SHORTEST_PASSWORD = 12;
export const LONGEST_PASSWORD = 256;

/** So long a text may be that is looked at as a password at all. */
export const LONGEST_PASSWORD_TEXT = 2_048;

/** One form of what can be typed in several ways (NIST SP 800-63B, section 5.1.1.2: NFKC or NFKD). */
export function normalPassword(password: string): string {
  return password.toWellFormed().normalize('NFKC');
}

/**
 * Why a password is refused; null where it is none of that. After NIST SP 800-63B, section 5.1.1.2: long enough, not a
 * common one, not the person's own name, and no rules of which characters it is made.
 */
export function passwordFault(password: string, email: string): string | null {
  const normal = normalPassword(password);
  const length = Array.from(normal).length;
  if (length < SHORTEST_PASSWORD || length > LONGEST_PASSWORD) {
    return `password must be of ${SHORTEST_PASSWORD} to ${LONGEST_PASSWORD} characters`;
  }
  const lower = normal.toLowerCase();
  if (lower === email) return 'password must not be the e-mail address';
  if (COMMON_PASSWORDS.has(lower) || new Set(lower).size === 1) return 'password is one of the commonest';
  return null;
}
